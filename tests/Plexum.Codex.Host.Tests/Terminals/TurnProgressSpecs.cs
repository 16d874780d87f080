using System.Text;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Terminals;

public sealed class TurnProgressSpecs
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TurnProgress _progress = new(Start);

    [Fact]
    public void Before_the_first_event_the_turn_is_waited_for() => Assert.Equal("| 0s  waiting for the turn to start", LineAfter(0));

    [Theory]
    [InlineData(0, "| 0s  waiting for the turn to start")]
    [InlineData(1, "| 0s  waiting for an earlier turn of the agent")]
    [InlineData(7, "| 0s  waiting for earlier turns of the agent")]
    public void Turns_ahead_of_it_are_what_it_waits_for(int ahead, string line)
    {
        _progress.Queue(ahead);
        Assert.Equal(line, LineAfter(0));

        Take(1, new CanonicalEvent.TextDelta("on we go"));
        Assert.Equal("| 2s  thinking", LineAfter(2));
    }

    [Fact]
    public void The_command_that_runs_is_shown_without_its_shell_and_since_when_it_runs()
    {
        Take(1, Command("1", "/bin/bash -lc 'cargo test'", ActivityPhase.Started));

        Assert.Equal("| 1m 04s  $ cargo test (1m 03s)", LineAfter(64));
    }

    [Fact]
    public void What_has_ended_is_not_shown_and_of_several_the_newest_is()
    {
        Take(1, Command("1", "one", ActivityPhase.Started));
        Take(2, Command("2", "two", ActivityPhase.Started));
        Assert.Equal("| 3s  $ two (1s, and 1 more)", LineAfter(3));

        Take(4, Command("2", "two", ActivityPhase.Completed));
        Assert.Equal("| 5s  $ one (4s)", LineAfter(5));

        Take(6, Command("1", "one", ActivityPhase.Completed));
        Assert.Equal("| 7s  thinking", LineAfter(7));
    }

    [Fact]
    public void A_plan_is_nothing_that_runs()
    {
        Take(1, new CanonicalEvent.Activity("""{"id":"0","type":"todo_list"}"""u8.ToArray(), ActivityPhase.Started));

        Assert.Equal("| 2s  thinking", LineAfter(2));
    }

    [Theory]
    [InlineData(NoticeCodes.Waiting)]
    [InlineData(NoticeCodes.WaitingForSlot)]
    [InlineData(NoticeCodes.ThreadBusy)]
    [InlineData(NoticeCodes.AgentBusy)]
    [InlineData(NoticeCodes.Reconnecting)]
    public void What_the_turn_waits_for_is_shown_until_it_goes_on(string code)
    {
        Take(0, new CanonicalEvent.Notice(code, "Something is in the way."));
        Take(0, new CanonicalEvent.Notice(NoticeCodes.CodexWarning, "Unrelated."));
        Assert.Equal("| 1s  Something is in the way.", LineAfter(1));

        Take(1, new CanonicalEvent.TextDelta("on we go"));
        Assert.Equal("| 2s  thinking", LineAfter(2));
    }

    [Fact]
    public void A_question_is_shown_until_it_is_answered_whatever_goes_on_meanwhile()
    {
        var (one, two) = (Question("0", "rm x"), Question("1", "rm y"));
        Take(0, new CanonicalEvent.ApprovalRequest(one, Start));
        Take(0, new CanonicalEvent.ApprovalRequest(two, Start));
        Take(0, Command("1", "sleep", ActivityPhase.Started));
        Take(0, new CanonicalEvent.TextDelta("on we go"));
        Take(0, new CanonicalEvent.Notice(NoticeCodes.Waiting, "Something is in the way."));
        Assert.Equal($"| 1s  waits for an answer to {one.Id}: may it run $ rm x", LineAfter(1));

        Take(1, new CanonicalEvent.ApprovalAnswer(one.Id, ApprovalDecision.Accept, ApprovalAnswerers.Owner));
        Assert.Equal($"| 1s  waits for an answer to {two.Id}: may it run $ rm y", LineAfter(1));

        Take(1, new CanonicalEvent.ApprovalAnswer(two.Id, ApprovalDecision.Decline, ApprovalAnswerers.Owner));
        Assert.Equal("| 1s  $ sleep (1s)", LineAfter(1));
    }

    [Fact]
    public void It_turns_and_ends_with_the_turn()
    {
        Assert.Equal(["|", "/", "-", "\\", "|"], Enumerable.Range(0, 5).Select(at => LineAfter(at / 4.0)[..1]));

        Take(1, new CanonicalEvent.MessageEnd(StopReason.EndTurn, default, default, null, TimeSpan.FromSeconds(1)));

        Assert.Equal("", LineAfter(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(200)]
    public void It_fits_into_any_terminal_and_does_not_drive_it(int width)
    {
        Take(1, Command("1", "echo 漢字 \\u001b[2J " + new string('x', 300), ActivityPhase.Started));

        var line = _progress.Line(Start.AddSeconds(2), width);

        Assert.True(TextCells.Width(line) <= width, line);
        Assert.DoesNotContain(line, char.IsControl);
    }

    private static ApprovalQuestion Question(string number, string command) =>
        new(ApprovalId.Of(TurnId.Parse("t"), number), ApprovalKind.Command) { Command = command };

    private static CanonicalEvent.Activity Command(string id, string command, ActivityPhase phase) =>
        new(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","type":"command_execution","command":"{{command}}"}"""), phase);

    private void Take(double seconds, CanonicalEvent value) => _progress.Take(value, Start.AddSeconds(seconds));

    private string LineAfter(double seconds) => _progress.Line(Start.AddSeconds(seconds), 80);
}
