namespace Plexum.Codex.Host.Security.Callers;

/// <summary>Another user listens where this user's daemon should be.</summary>
public sealed class ForeignSocketSpecs : IDisposable
{
    // Keeps all that it gets, and closes the connection.
    private const string Listener = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print("listening", flush=True)
        while True:
            c, _ = s.accept()
            open(sys.argv[2], "ab").write(c.recv(65536)); c.close()
        """;

    private readonly HostStage _stage = new("thread", "turn", "say x", "completed 1 1");
    private readonly TemporaryDirectory _place = new();

    // As /tmp is: everybody may make files there, and nobody may remove another's.
    public ForeignSocketSpecs() =>
        File.SetUnixFileMode(
            _place.Root,
            UnixFileMode.StickyBit
                | (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
                | (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute)
                | (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)
        );

    private string Socket => _place.File("s");

    public void Dispose()
    {
        _stage.Dispose();
        _place.Dispose();
    }

    [RootFact]
    public async Task S8_A_prompt_is_not_sent_to_another_users_socket()
    {
        using var listener = await ListenAsync();

        await IsRefusedAsync();
    }

    [RootFact]
    public async Task S8_A_prompt_is_not_sent_to_another_user_who_listens_at_a_file_of_this_user()
    {
        using var listener = await ListenAsync();
        using var chown = System.Diagnostics.Process.Start("chown", ["0:0", Socket]);
        await chown.WaitForExitAsync().WithinLimit();
        Assert.Equal(0, chown.ExitCode);

        await IsRefusedAsync();
    }

    private async Task IsRefusedAsync()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "--set", $"api.socket={Socket}", "a secret");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"The socket {Socket} is user 65534's", end.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.File("got")) && new FileInfo(_place.File("got")).Length > 0);
        Assert.Empty(_stage.Turns);
    }

    private async Task<ProgramProcess> ListenAsync()
    {
        // The PATH of this user may lead to a python in a home that the other one cannot enter.
        var listener = ProgramProcess.Start(
            OrdinaryUser.Prefix[0],
            [.. OrdinaryUser.Prefix[1..], "env", "PATH=/usr/bin:/bin", "python3", "-c", Listener, Socket, _place.File("got")],
            []
        );
        await listener.PrintsAsync("listening");
        return listener;
    }
}
