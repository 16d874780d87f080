using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Scripts;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

public sealed class SharingSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task A_turn_waits_for_another_codex_in_its_thread_and_names_it(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "turns.thread-busy-limit=10m");
        var first = await rig.SayAsync("First.");
        var thread = first.Thread.ToString()!;
        await rig.ReleaseAsync(first.Thread);
        using var other = await rig.ResumeByHandAsync(thread, "!stall");
        await model
            .Server.WaitForExchangeAsync(exchange => exchange.Request is { LastUserText: "!stall" } request && request.ThreadId == thread)
            .WithinLimit();

        var waiting = rig.Begin("Third.");
        var notice = await waiting.NoticeAsync(NoticeCodes.ThreadBusy);
        other.Signal(ProcessSignal.Interrupt);
        await other.EndsAsync();
        var third = (await waiting.EndAsync()).Said("Third.");

        Assert.Contains(FormattableString.Invariant($"process {other.Id} (codex"), notice.Message, StringComparison.Ordinal);
        Assert.Equal(first.Thread, third.Thread);
        Assert.Single(third.NoticeCodes, NoticeCodes.ThreadBusy);
    }

    [Theory]
    [EachBackend]
    public async Task A_turn_that_waits_for_its_thread_in_vain_fails_and_names_who_has_it(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "turns.thread-busy-limit=1ms");
        var first = await rig.SayAsync("First.");
        var thread = first.Thread.ToString()!;
        await rig.ReleaseAsync(first.Thread);
        using var other = await rig.ResumeByHandAsync(thread, "!stall");
        await model
            .Server.WaitForExchangeAsync(exchange => exchange.Request is { LastUserText: "!stall" } request && request.ThreadId == thread)
            .WithinLimit();

        var failed = await rig.SayAsync("Second.");

        Assert.Equal(("thread_busy", TurnErrorClass.Session, true), (failed.Error!.Code, failed.Error.Class, failed.Error.Retryable));
        Assert.Contains(FormattableString.Invariant($"process {other.Id} (codex"), failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(first.Thread, failed.Thread);
    }

    [Theory]
    [EachBackend]
    public async Task Two_programs_on_one_profile_run_the_turns_of_an_agent_one_after_the_other(BackendKind backend)
    {
        var gate = new StallGate();
        await using var server = await LoopbackModelServer.StartAsync(request =>
            request.LastUserText == "hold" ? new ModelAnswer().WaitFor(gate).Reply("held") : Directives.Answer(request)
        );
        await using var rig = new CodexRig(server, backend);
        var holding = rig.Begin("hold");
        await server.WaitForPromptAsync("hold");

        var second = rig.Begin("!recall", system: rig.StartSystem());
        var notice = await second.NoticeAsync(NoticeCodes.AgentBusy);
        Assert.Single(server.Exchanges);
        gate.Open();

        var first = (await holding.EndAsync()).Said("held");

        // A program that ends takes its warm codex with it, and that what it has loaded.
        await rig.System.DisposeAsync();
        Assert.Equal(first.Thread, (await second.EndAsync()).Said("hold").Thread);
        Assert.Contains(FormattableString.Invariant($"process {Environment.ProcessId} "), notice.Message, StringComparison.Ordinal);
    }

    // A program that goes on keeps the threads that its warm codex has loaded.
    [Fact]
    public async Task Many_turns_of_two_programs_with_exec_all_go_into_one_thread()
    {
        await using var rig = new CodexRig(model.Server);
        await rig.SayAsync("turn 0");
        var systems = new[] { rig.StartSystem(), rig.StartSystem() };
        var turns = Enumerable.Range(1, 6).Select(number => rig.Begin($"turn {number}", system: systems[number % 2])).ToList();
        var finished = await Task.WhenAll(turns.Select(turn => turn.EndAsync()));

        Assert.All(finished, turn => Assert.DoesNotContain(NoticeCodes.ThreadBusy, turn.Succeeded().NoticeCodes));
        var thread = Assert.Single(finished.Select(turn => turn.Thread).Distinct());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], model.Server.RequestsOf(thread).Select(request => request.UserTexts.Count));
    }

    [Theory]
    [EachBackend]
    public async Task Twenty_agents_at_once_each_have_a_thread_and_an_answer_of_their_own(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var agents = Enumerable.Range(1, 20).Select(number => $"agent-{number}").ToList();
        var turns = await Task.WhenAll(agents.Select(agent => rig.SayAsync($"I am {agent}.", agent)));

        Assert.All(turns, turn => turn.Said($"I am {turn.Start.AgentId}."));
        Assert.Equal(agents, turns.Select(turn => turn.Start.AgentId.Value));
        Assert.Equal(20, turns.Select(turn => turn.Thread).Distinct().Count());
        Assert.All(turns, turn => Assert.Single(Assert.Single(model.Server.RequestsOf(turn.Thread)).UserTexts));
    }
}
