using System.Collections.Immutable;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Xunit;

namespace Plexum.Codex.TestSupport.Agents;

/// <summary>The log of a turn that is over.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Events">All its events.</param>
public sealed record TurnStory(TurnRun Turn, ImmutableArray<CanonicalEvent> Events)
{
    public CanonicalEvent.MessageStart Start => (CanonicalEvent.MessageStart)Events[0];

    public CanonicalEvent.MessageEnd End => (CanonicalEvent.MessageEnd)Events[^1];

    public IReadOnlyList<string> Texts => [.. Events.OfType<CanonicalEvent.TextDelta>().Select(delta => delta.Text)];

    public IReadOnlyList<string> Notices => [.. Events.OfType<CanonicalEvent.Notice>().Select(notice => notice.Code)];

    public CanonicalEvent.Error Error => Assert.Single(Events.OfType<CanonicalEvent.Error>());

    /// <summary>Reads the log and holds it to what every log keeps to.</summary>
    public static TurnStory Whole(TurnRun turn)
    {
        var events = Read(turn.Directory.EventsFile);
        Assert.Equal(turn.Id, Assert.IsType<CanonicalEvent.MessageStart>(events[0]).TurnId);
        Assert.Single(events.OfType<CanonicalEvent.MessageStart>());
        Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]);
        Assert.Single(events.OfType<CanonicalEvent.MessageEnd>());
        Assert.True(events.OfType<CanonicalEvent.Error>().Count() <= 1, "There is more than one error.");
        Assert.True(
            ExecRecord.Load(turn.Directory) is null or { Settled: true },
            "The note for a later daemon says that the turn is not over."
        );
        Assert.True(
            AppServerRecord.Load(turn.Directory) is null or { Settled: true },
            "The note for a later daemon says that the turn in the server is not over."
        );
        return new TurnStory(turn, events);
    }

    /// <summary>The whole lines of a log, whose numbers have no gap.</summary>
    public static ImmutableArray<CanonicalEvent> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var events = ImmutableArray.CreateBuilder<CanonicalEvent>();
        var lines = File.ReadAllText(path).Split('\n');
        foreach (var line in lines[..^1])
        {
            Assert.True(CanonicalJsonReader.TryRead(System.Text.Encoding.UTF8.GetBytes(line), out var seq, out var value), line);
            events.Add(value!);
            Assert.Equal(events.Count, seq);
        }

        return events.DrainToImmutable();
    }

    public CanonicalEvent.Notice Notice(string code) => Events.OfType<CanonicalEvent.Notice>().Single(notice => notice.Code == code);
}
