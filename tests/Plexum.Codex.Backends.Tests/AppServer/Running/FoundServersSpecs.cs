using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;

namespace Plexum.Codex.AppServer.Running;

/// <summary>What is taken for a server of an earlier program, and what for its remains.</summary>
public sealed class FoundServersSpecs : IDisposable
{
    private const string Leftover = "019a0000-0000-7000-8000-000000000001";

    private readonly TemporaryDirectory _profile = new();
    private readonly ServerPlace _place;
    private readonly List<int> _started = [];

    public FoundServersSpecs()
    {
        _place = ServerPlace.NewIn(_profile.Root);
        Directory.CreateDirectory(_place.Root);
    }

    public void Dispose()
    {
        _started.ForEach(pid => ProcessProbe.Signal(pid, ProcessSignal.Kill));
        _profile.Dispose();
    }

    [Fact]
    public void A_process_with_a_variable_of_a_longer_name_is_no_server()
    {
        Start("sleep 600", $"ANOTHER_{ServerLauncher.Variable}={_place.Id}");

        Assert.Empty(FoundServers.Look(_profile.Root).Running);
    }

    [Fact]
    public void A_process_with_the_variable_is_a_server_that_this_program_owns_until_it_lets_go()
    {
        var pid = Start("sleep 600", $"{ServerLauncher.Variable}={_place.Id}");

        var found = Assert.Single(FoundServers.Look(_profile.Root).Running);

        Assert.Equal(pid, found.Process.Identity.Pid);
        Assert.Empty(FoundServers.Look(_profile.Root).Running);
        Assert.True(Directory.Exists(_place.Root));
        found.LetGo();
        Assert.Single(FoundServers.Look(_profile.Root).Running).LetGo();
    }

    [Fact]
    public void A_place_that_cannot_be_looked_at_hides_no_other()
    {
        var broken = ServerPlace.NewIn(_profile.Root);
        Directory.CreateDirectory(broken.Root);
        NamedPipe.Create(broken.OwnerLock);
        var pid = Start("sleep 600", $"{ServerLauncher.Variable}={_place.Id}");

        var found = FoundServers.Look(_profile.Root);

        Assert.Equal(pid, Assert.Single(found.Running).Process.Identity.Pid);
        Assert.Contains(broken.OwnerLock, Assert.Single(found.Problems), StringComparison.Ordinal);
        found.LetGo();
    }

    [Fact]
    public async Task The_rest_of_a_servers_session_is_killed_once_and_not_whoever_has_the_number_later()
    {
        var leader = Start($"sleep 600 & echo $! > {_profile.File("pid")}");
        var identity = ProcessProbe.Identify(leader);
        await ProcessProbe.GoneAsync(leader);
        var member = ProcessProbe.PidIn(_profile.File("pid"));
        _started.Add(member);
        var record = new ServerRecord
        {
            Binary = "",
            Version = "",
            StartedAt = default,
            Socket = _place.Socket,
            Pid = leader,
            PidStartedAt = identity.StartedAt,
            BootId = identity.BootId,
            Unloading = [Leftover],
        };

        (record with { HasEnded = true }).Save(_place);
        Assert.Equal([Leftover], FoundServers.Look(_profile.Root).Leftovers.Select(thread => $"{thread}"));
        Assert.True(ProcessProbe.IsRunning(member));

        record.Save(_place);
        FoundServers.Look(_profile.Root);
        await ProcessProbe.GoneAsync(member);
        Assert.True(ServerRecord.Load(_place)?.HasEnded);
    }

    private int Start(string script, params string[] variables)
    {
        var pid = SessionProgram.Start(
            "/bin/sh",
            ["-c", script.Contains('&', StringComparison.Ordinal) ? script : $"exec {script}"],
            [.. variables.Append("PATH=/usr/bin:/bin")],
            _profile.Root,
            new StreamFiles("/dev/null", _profile.File("output"), _profile.File("output")),
            umask: null,
            out _
        );
        Assert.True(pid > 0);
        _started.Add(pid);

        // In the midst of an exec a process has no environment.
        Assert.True(
            script.Contains('&', StringComparison.Ordinal)
                || SpinWait.SpinUntil(
                    () =>
                        ProcessProbe.CommandLineOf(pid).StartsWith("sleep", StringComparison.Ordinal)
                        && ProcessProbe.VariableOf(pid, "PATH").Length > 0,
                    Limits.Wait
                )
        );
        return pid;
    }
}
