using System.Net;
using System.Net.Sockets;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Commands;

public sealed class ServeCommandSpecs : IAsyncLifetime, IAsyncDisposable
{
    private readonly HostStage _stage = new("touch ${cwd}/../ready", "wait ${cwd}/../go", "thread", "turn", "say done", "completed 1 1");

    private readonly DaemonProcess _daemon;

    public ServeCommandSpecs() => _daemon = _stage.NewDaemon();

    private string Agent => Path.Combine(_stage.Profile, "agents", "alice");

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _stage.Dispose();
    }

    [Fact]
    public async Task R7_A_daemon_that_is_stopped_leaves_codex_running_and_the_next_one_takes_its_turn_up()
    {
        await _daemon.StartAsync();
        var turn = await _daemon.Api.SubmitAsync("x");
        await AppearsAsync(Path.Combine(Agent, "ready"));

        var end = await _daemon.StopAsync();

        Assert.Contains("1 turn continues without the daemon; its next start recovers it", end.Errors, StringComparison.Ordinal);
        Assert.True(ProcessProbe.IsRunning(Assert.Single(_stage.Turns).Pid));
        Assert.False(File.Exists(_daemon.Api.SocketPath));
        await _daemon.StartAsync();
        File.WriteAllText(Path.Combine(Agent, "go"), "");

        var events = await _daemon.Api.EventsAsync(turn);

        Assert.Equal(["done"], events.Texts());
        Assert.Equal("end_turn", events.StopReason());
        Assert.Single(_stage.Turns);
        Assert.Contains("no turn is running", (await _daemon.StopAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draining_stop_takes_no_more_turns_and_waits_for_the_running_one()
    {
        await BeginDrainingAsync();
        (await _daemon.Api.TrySubmitAsync("x")).Problem(503, "shutting_down");
        File.WriteAllText(Path.Combine(Agent, "go"), "");
        var end = await _daemon.EndsAsync();

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("no turn is running", end.Errors, StringComparison.Ordinal);
        Assert.Contains("end_turn", _stage.LogOf("alice")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_the_draining()
    {
        await BeginDrainingAsync();

        var end = await _daemon.StopAsync();

        Assert.Contains("1 turn continues", end.Errors, StringComparison.Ordinal);
        Assert.True(ProcessProbe.IsRunning(Assert.Single(_stage.Turns).Pid));
        File.WriteAllText(Path.Combine(Agent, "go"), "");
    }

    [Theory]
    [InlineData("0.0.0.0:7400", "Other machines")]
    [InlineData("nowhere", "not a valid address")]
    public async Task An_address_that_is_refused_ends_with_a_sentence(string address, string says)
    {
        var end = await _stage.RunAsync("serve", "--listen", address);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains(says, end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_ends_with_a_sentence_and_no_stack()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var end = await _stage.RunAsync("serve", "--listen", other.LocalEndpoint.ToString()!);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains($"cannot listen on {other.LocalEndpoint}: another program", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Errors + _stage.ProgramLog(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(270)]
    public async Task With_few_descriptors_it_does_not_start_and_says_why(int limit)
    {
        var few = FormattableString.Invariant($"--nofile={limit}:{limit}");
        using var serve = _stage.StartOther("prlimit", few, ProgramProcess.PlexumCodex, "serve");

        var end = await serve.EndsAsync();

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains(FormattableString.Invariant($"only {limit} files open at once"), end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_few_descriptors_a_program_is_told_so_in_json()
    {
        using var status = _stage.StartOther("prlimit", "--nofile=192:192", ProgramProcess.PlexumCodex, "status", "--json");

        var end = await status.EndsAsync();

        Assert.Equal((2, ""), (end.ExitCode, end.Errors));
        Assert.Contains("\"code\":\"few_descriptors\"", Assert.Single(end.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_ends_with_the_first_one_s_name()
    {
        await _daemon.StartAsync();

        var end = await _stage.RunAsync("serve");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"is already running: process {_daemon.Id} ", end.Errors, StringComparison.Ordinal);
        await _daemon.StopAsync();
    }

    // A daemon that drains says that it takes no turns.
    private async Task BeginDrainingAsync()
    {
        _daemon.Arguments.Add("--drain");
        await _daemon.StartAsync();
        await _daemon.Api.SubmitAsync("x");
        await AppearsAsync(Path.Combine(Agent, "ready"));
        _daemon.Signal(ProcessSignal.Terminate);
        await Limits.UntilAsync(async () => !await _daemon.Api.IsReadyAsync());
    }

    private static Task AppearsAsync(string path) => Limits.UntilAsync(() => File.Exists(path));
}
