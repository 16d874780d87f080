using Plexum.Codex.AppServer.Output;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>Pieces of text and the window in which they are collected; here it never closes by itself.</summary>
public sealed class DeltaWindowSpecs : AppServerTurnTestKit
{
    private const string File = "0.169-steered.jsonl";

    public DeltaWindowSpecs() => Window = TimeSpan.FromDays(1);

    [Fact]
    public void The_first_piece_does_not_wait_for_the_window_of_what_was_told_before()
    {
        var run = Running();

        // A warning, and the first piece of the answer.
        var lines = ServerRig.Lines(File);
        Say(run, lines.Take(1));
        Assert.IsType<CanonicalEvent.Notice>(Assert.Single(NextBatch()));
        Say(run, lines.Skip(1).TakeWhile(line => !line.Contains("\"w1 \"", StringComparison.Ordinal)));

        Assert.Equal("w0 ", Assert.IsType<CanonicalEvent.TextDelta>(NextBatch()[^1]).Text);
    }

    private IReadOnlyList<CanonicalEvent> NextBatch() => TurnProbe.ExpectMsg<CodexBackendProtocol.Events>(Limits.Wait).Batch;
}
