using System.Diagnostics;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Installation;

public sealed class InstallPluginCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public InstallPluginCommandSpecs() => _stage["PATH"] = "/usr/bin:/bin";

    private string Plugin => Path.Combine(_stage.Profile, "plugins", "plexum-openai-provider");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task It_installs_with_the_profile_s_models_and_says_what_is_to_be_done_next()
    {
        Directory.CreateDirectory(_stage.Profile);
        await File.WriteAllTextAsync(Path.Combine(_stage.Profile, "plexum.json"), """{"plugins":{"allow":["another"]}}""");

        var end = await InstallAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.StartsWith($"installed: {Plugin} (version ", end.Output, StringComparison.Ordinal);
        Assert.Contains("""allow it in""", end.Output, StringComparison.Ordinal);
        Assert.Contains("""{"plugins": {"allow": ["plexum-openai-provider"]}}""", end.Output, StringComparison.Ordinal);
        Assert.Contains("under systemd", end.Output, StringComparison.Ordinal);
        Assert.Contains($"{Plugin}/config.json", end.Output, StringComparison.Ordinal);
        Assert.Equal(PluginManifest.Default.ToFile(), await File.ReadAllBytesAsync(Path.Combine(Plugin, "manifest.json")));
        Assert.Equal("""{"plugins":{"allow":["another"]}}""", await File.ReadAllTextAsync(Path.Combine(_stage.Profile, "plexum.json")));
    }

    [Fact]
    public async Task What_is_done_already_is_not_asked_for_again_and_the_manifest_has_the_models_of_the_configuration()
    {
        Directory.CreateDirectory(Plugin);
        await File.WriteAllTextAsync(Path.Combine(_stage.Profile, "plexum.json"), """{"plugins":{"allow":["plexum-openai-provider"]}}""");
        await File.WriteAllTextAsync(Path.Combine(Plugin, "config.json"), """{"supported_models":["codex","o9"]}""");

        var end = await InstallAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.DoesNotContain("allow it in", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("under systemd", end.Output, StringComparison.Ordinal);
        Assert.Equal(new PluginManifest(["codex", "o9"]).ToFile(), await File.ReadAllBytesAsync(Path.Combine(Plugin, "manifest.json")));
        Assert.Equal("""{"supported_models":["codex","o9"]}""", await File.ReadAllTextAsync(Path.Combine(Plugin, "config.json")));
    }

    [Fact]
    public async Task The_manifest_alone_is_printed_and_nothing_installed()
    {
        var end = await _stage.RunAsync("install-plugin", "--manifest");

        Assert.Equal(System.Text.Encoding.UTF8.GetString(PluginManifest.Default.ToFile()), end.Output);
        Assert.False(Directory.Exists(Plugin));
    }

    [Fact]
    public async Task A_kill_in_the_middle_leaves_what_was_there_and_the_next_one_finishes()
    {
        await InstallAsync();
        var before = File.ResolveLinkTarget(Path.Combine(Plugin, "plexum-codex"), returnFinalTarget: true)!.FullName;
        var stuck = Source("stuck");
        var library = Path.Combine(stuck, "library");
        await File.WriteAllTextAsync(library, "a library");

        // It stops at the file, which it cannot open.
        using (new FileLease(library))
        using (var program = _stage.Start("install-plugin", "--from", stuck))
        {
            var versions = Path.Combine(Plugin, "versions");
            await Limits.UntilAsync(() => Directory.EnumerateDirectories(versions, ".new-*").Any());
        }

        Assert.Equal(before, File.ResolveLinkTarget(Path.Combine(Plugin, "plexum-codex"), returnFinalTarget: true)!.FullName);
        Assert.True(File.Exists(before));
        var end = await _stage.RunAsync("install-plugin", "--from", stuck);
        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(Plugin, "versions")));
    }

    [Fact]
    public async Task A_pipe_among_the_files_of_the_program_is_refused_without_waiting_for_its_writer()
    {
        var source = Source("odd");
        NamedPipe.Create(Path.Combine(source, "more", "library"));

        var end = await _stage.RunAsync("install-plugin", "--from", source);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"{source}/more/library is not a file;", end.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Plugin, "plexum-codex")));
    }

    [Theory]
    [InlineData("plexum.json")]
    [InlineData("plugins/plexum-openai-provider/config.json")]
    public async Task A_pipe_in_the_place_of_a_file_of_the_profile_allows_nothing_and_names_no_models(string name)
    {
        NamedPipe.Create(Path.Combine(_stage.Profile, name));

        var end = await InstallAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Contains("allow it in", end.Output, StringComparison.Ordinal);
        Assert.Equal(PluginManifest.Default.ToFile(), await File.ReadAllBytesAsync(Path.Combine(Plugin, "manifest.json")));
    }

    [Fact]
    public async Task The_script_of_the_published_folder_runs_the_program_beside_it_wherever_it_is_called_from()
    {
        var folder = Source("a folder");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "install.sh"), Path.Combine(folder, "install.sh"));
        using var script = Process.Start(
            new ProcessStartInfo("/bin/sh", [Path.Combine(folder, "install.sh"), "--from", "b c"])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            }
        )!;

        Assert.Equal("install-plugin --from b c\n", await script.StandardOutput.ReadToEndAsync());
        await script.WaitForExitAsync();
    }

    private Task<ProgramEnd> InstallAsync() => _stage.RunAsync("install-plugin", "--from", Source("small"));

    private string Source(string name)
    {
        var source = Directory.CreateDirectory(_stage.File(name)).FullName;
        File.WriteAllText(Path.Combine(source, "plexum-codex"), "#!/bin/sh\necho \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(source, "plexum-codex"), (UnixFileMode)0x1ED);
        return source;
    }
}
