using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Terminals;

public sealed class RepeatsSpecs
{
    private static readonly CanonicalEvent.Activity Call = new(
        """{"id":"1","type":"mcp_tool_call","server":"files","tool":"read"}"""u8.ToArray(),
        ActivityPhase.Completed
    );

    private static readonly CanonicalEvent.MessageEnd End = new(StopReason.Error, default, default, null, TimeSpan.Zero);
    private static readonly CanonicalEvent.TextDelta Text = new("text");

    private readonly Repeats _repeats = new();

    [Fact]
    public void A_failure_is_told_once()
    {
        var error = Error("boom Try again later.");

        Assert.Equal([error, End], Pass(CodexError("boom\n"), error, End));
    }

    [Fact]
    public void A_failure_is_told_once_even_if_the_record_of_the_thread_comes_between()
    {
        var (call, error) = (ToolCall("view_image"), Error("boom"));

        Assert.Equal([call, error, End], Pass(CodexError("boom"), call, error, End));
    }

    [Fact]
    public void An_error_that_is_not_the_end_is_told()
    {
        var (one, two) = (CodexError("one"), CodexError("two"));

        Assert.Equal([one, Text, two, End], Pass(one, Text, two, End));
    }

    [Fact]
    public void An_error_that_the_end_does_not_tell_is_told_before_it()
    {
        var (one, two, end) = (CodexError("one"), CodexError("two"), Error("three"));

        Assert.Equal([one, two, end], Pass(one, two, two, end));
    }

    [Fact]
    public void What_codex_did_while_it_ran_is_not_told_again_as_calls_of_tools() =>
        Assert.Equal([Call, ToolCall("view_image"), End], Pass(Call, ToolCall("exec_command"), ToolCall("view_image"), Mcp("read"), End));

    [Fact]
    public void Attempts_to_reconnect_are_not_told_and_the_failure_that_ends_them_once()
    {
        var (end, again) = (Error("401 Unauthorized"), new CanonicalEvent.Notice(NoticeCodes.Reconnecting, "1/5 (401 Unauthorized)"));

        Assert.Equal([end], Pass(again, again, CodexError("401 Unauthorized"), end));
    }

    [Fact]
    public void A_call_that_was_not_told_is_told() => Assert.Equal([Call, Mcp("write")], Pass(Call, Mcp("write")));

    private CanonicalEvent[] Pass(params CanonicalEvent[] events) => [.. events.SelectMany(value => _repeats.Pass(value))];

    private static CanonicalEvent.Notice CodexError(string message) => new(NoticeCodes.CodexError, message);

    private static CanonicalEvent.Error Error(string message) => new("failed", message, TurnErrorClass.Network, null, true);

    private static CanonicalEvent.ToolCall ToolCall(string name) => new("call_1", name, null, "{}");

    private static CanonicalEvent.ToolCall Mcp(string name) => new("call_2", name, "files", "{}");
}
