namespace Plexum.Codex.Host.Backups;

/// <summary>A command of a model's cannot prevent backups by what it leaves in its workspace. Root could read it all.</summary>
public sealed class UnreadableFileSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [OrdinaryUserFact]
    public async Task What_cannot_be_read_in_a_workspace_is_left_out_and_named()
    {
        var workspace = Path.Combine(_stage.Profile, "agents", "alice", "workspace");
        Directory.CreateDirectory(Path.Combine(workspace, "closed"));
        File.WriteAllText(Path.Combine(workspace, "work"), "done");
        File.WriteAllText(Path.Combine(workspace, "unreadable"), "x");
        File.SetUnixFileMode(_stage.Profile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Path.Combine(workspace, "unreadable"), UnixFileMode.None);
        File.SetUnixFileMode(Path.Combine(workspace, "closed"), UnixFileMode.None);
        OrdinaryUser.Give(_stage.Folder);
        string[] command = [.. OrdinaryUser.Prefix, ProgramProcess.PlexumCodex, "backup", _stage.File("backup.tar")];

        using var backup = _stage.StartOther(command[0], command[1..]);
        var end = await backup.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Contains(Path.Combine(workspace, "unreadable"), end.Errors, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(workspace, "closed"), end.Errors, StringComparison.Ordinal);
        Assert.Contains("1 files", end.Output, StringComparison.Ordinal);
        File.SetUnixFileMode(Path.Combine(workspace, "closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
