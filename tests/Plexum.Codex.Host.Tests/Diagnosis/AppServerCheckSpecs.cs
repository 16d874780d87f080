using System.Diagnostics;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Whose app-server has an agent's thread locked.</summary>
public sealed class AppServerCheckSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("0199a213-81c0-7800-8aa1-bbab2a035a53");

    private readonly ProfileOfTest _test = new();
    private readonly TemporaryDirectory _home = new();
    private Process? _holder;

    public void Dispose()
    {
        _holder?.Kill(entireProcessTree: true);
        _holder?.Dispose();
        _home.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task A_server_that_is_not_this_profile_s_is_told_with_the_agents_whose_threads_it_holds()
    {
        await HoldAsync("app-server");

        var finding = Assert.Single(AppServerCheck.OfDaemon(Settings(), Server(pid: 1)), found => !found.IsWell);

        Assert.Equal(
            FormattableString.Invariant(
                $"The codex app-server with the process {_holder!.Id} is not this profile's, and holds the thread of alice."
            ),
            finding.What
        );
        Assert.Contains(FormattableString.Invariant($"kill {_holder.Id}"), finding.Remedy!, StringComparison.Ordinal);
        Assert.Equal(finding, Assert.Single(AppServerCheck.WithoutDaemon(Settings())));
    }

    [Fact]
    public async Task The_daemon_s_own_server_may_hold_what_it_likes()
    {
        await HoldAsync("app-server");

        Assert.True(Assert.Single(AppServerCheck.OfDaemon(Settings(), Server(_holder!.Id))).IsWell);
    }

    [Fact]
    public async Task A_process_of_codex_that_runs_a_turn_is_no_server()
    {
        await HoldAsync("exec");

        Assert.Empty(AppServerCheck.WithoutDaemon(Settings()));
    }

    [Fact]
    public void A_server_that_cannot_be_started_is_told_with_what_to_do()
    {
        var finding = Assert.Single(
            AppServerCheck.OfDaemon(Settings(), new AppServerDocument("backing_off", 0, 0, 3, []) { Problem = "It said no." })
        );

        Assert.EndsWith(": It said no.", finding.What, StringComparison.Ordinal);
        Assert.False(finding.IsWell);
    }

    private static AppServerDocument Server(int pid) => new("ready", 1, 0, 0, []) { Pid = pid };

    private ProgramSettings Settings()
    {
        var settings = _test.Load();
        return settings with { Exec = settings.Exec with { CodexHome = _home.Root } };
    }

    private async Task HoldAsync(string command)
    {
        var alice = AgentId.Parse("alice");
        Directory.CreateDirectory(new AgentDirectory(_test.Profile.Root, alice).Root);
        new FileThreadRegister(_test.Profile.Root).Claim(alice, Thread);
        var file = ThreadWriterLock.PathOf(_home.Root, Thread);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        // flock(1) holds the lock itself while its command runs, and has all words of that among its own arguments.
        var start = new ProcessStartInfo("flock", [file, "/bin/sh", "-c", "echo held; read never", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _holder = Process.Start(start)!;
        Assert.Equal("held", await _holder.StandardOutput.ReadLineAsync().WithinLimit());
    }
}
