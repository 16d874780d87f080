using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>What a person reads beside the answer about what runs the turn.</summary>
public sealed class TurnPrinterSpecs
{
    [Theory]
    [InlineData(null, null, "thread none\n")]
    [InlineData(BackendKind.Exec, null, "thread none\n")]
    [InlineData(BackendKind.Exec, "codex 9.9.9 was not tried.", "thread none\n")]
    [InlineData(BackendKind.AppServer, null, "thread none, app-server\n")]
    public void The_end_names_the_warm_codex_and_the_beginning_why_it_was_not_taken(BackendKind? backend, string? reason, string end)
    {
        using var side = new StringWriter();
        var printer = new TurnPrinter(TextWriter.Null, answerIsShown: false, Consoles.Create(side, redirected: true));

        printer.Print(
            new CanonicalEvent.MessageStart(TurnId.Parse("t"), AgentId.Parse("a"), Resumed: false)
            {
                Backend = backend,
                BackendReason = reason,
            }
        );
        printer.Print(new CanonicalEvent.MessageEnd(StopReason.EndTurn, Usage.Zero, Usage.Zero, null, TimeSpan.FromSeconds(1), null));

        var text = side.ToString().ReplaceLineEndings("\n");
        Assert.EndsWith(end, text, StringComparison.Ordinal);
        Assert.Equal(reason is not null, text.StartsWith($"· codex exec runs the turn: {reason}\n", StringComparison.Ordinal));
    }
}
