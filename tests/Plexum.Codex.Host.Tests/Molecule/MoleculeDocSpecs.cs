using System.Text.RegularExpressions;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Molecule;

/// <summary>The commands of docs/molecule.md, run as they stand there but for the names of workspace and platform.</summary>
public sealed partial class MoleculeDocSpecs
{
    [Fact]
    public async Task Every_command_runs_as_it_is_written()
    {
        await using var rig = await DirectRig.MakeAsync("thread", "turn", "say done", "completed 1 1");
        var blocks = string.Concat(Blocks().Matches(await File.ReadAllTextAsync(DocFile())).Select(match => match.Groups[1].Value))
            .Replace("11111111-2222-4333-8444-555555555555", rig.Workspace.Id, StringComparison.Ordinal)
            .Replace("https://platform.example", rig.Platform.Url, StringComparison.Ordinal);
        foreach (var variable in new[] { "WORKSPACE_ID", "PLATFORM_URL", "MOLECULE_WORKSPACE_TOKEN", "CODEX_CHANNEL_MOLECULE_STATE_DIR" })
        {
            rig.Stage[variable] = null;
        }

        await File.WriteAllTextAsync(rig.Stage.File(".molecule-token"), rig.Workspace.Token + "\n");
        Directory.CreateDirectory(rig.Stage.File("bin"));
        File.CreateSymbolicLink(rig.Stage.File("bin/plexum-codex"), ProgramProcess.PlexumCodex);
        rig.Stage["PATH"] = rig.Stage.File("bin") + ":/usr/bin:/bin";

        // A person waits until the daemon says that it listens; the script does as much.
        var script = blocks.Replace(
            "molecule &\n",
            "molecule &\ndaemon=$!\nuntil PLEXUM_PROFILE_ROOT=$HOME/.codex-channel-molecule "
                + "plexum-codex status > /dev/null 2>&1; do sleep 0.1; done\n",
            StringComparison.Ordinal
        );
        await File.WriteAllTextAsync(
            rig.Stage.File("commands.sh"),
            $"set -eux\ntrap 'kill $(jobs -p)' EXIT\n{script}\nkill $daemon\nwait $daemon\ntrap - EXIT\n"
        );
        using var shell = rig.Stage.StartOther("/bin/bash", rig.Stage.File("commands.sh"));
        var end = await shell.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        Assert.Contains($"workspace {rig.Workspace.Id} of 127.0.0.1", end.Output, StringComparison.Ordinal);
        Assert.Contains("0 messages were requeued.", end.Output, StringComparison.Ordinal);
        Assert.True(rig.Workspace.IsRegistered);
    }

    private static string DocFile()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "docs", "molecule.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests lie in no copy of the repository.");
        }

        return Path.Combine(directory.FullName, "docs", "molecule.md");
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
