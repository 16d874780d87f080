using System.Text;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>A process that died after a turn's end and before it had joined the pieces of its messages.</summary>
public sealed class LeftPiecesSpecs : RecoveryTestKit
{
    [Fact]
    public void The_next_one_joins_them()
    {
        var turn = Submit("hello");
        var story = Ended(turn);
        LeaveAgents();
        CanonicalEvent[] events =
        [
            turn.Events[0],
            new CanonicalEvent.TextDelta("Hel") { Item = "m" },
            new CanonicalEvent.TextDelta("lo") { Item = "m" },
            story.End,
        ];
        var lines = events.Select((value, at) => Encoding.UTF8.GetString(CanonicalJson.ToLine(at + 1, value)));
        File.WriteAllLines(turn.Directory.EventsFile, lines);

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 0, 0, 1), Recover(turn));

        var left = File.ReadAllLines(turn.Directory.EventsFile);
        Assert.Equal(3, left.Length);
        Assert.True(CanonicalJsonReader.TryRead(Encoding.UTF8.GetBytes(left[1]), out var seq, out var joined));
        Assert.Equal((3L, new CanonicalEvent.TextDelta("Hello") { Item = "m" }), (seq, joined));
    }
}
