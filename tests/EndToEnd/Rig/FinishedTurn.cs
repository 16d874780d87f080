using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>All events of a turn. Making one checks what holds for each turn, however it went.</summary>
internal sealed class FinishedTurn
{
    public FinishedTurn(TurnId id, IReadOnlyList<CanonicalEvent> events)
    {
        Assert.NotEmpty(events);
        Start = Assert.IsType<CanonicalEvent.MessageStart>(events[0]);
        End = Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]);
        Assert.Equal(id, Start.TurnId);
        Assert.Single(events.OfType<CanonicalEvent.MessageStart>());
        Assert.Single(events.OfType<CanonicalEvent.MessageEnd>());
        Error = events.OfType<CanonicalEvent.Error>().SingleOrDefault();
        Assert.Equal(End.StopReason is StopReason.Error or StopReason.Timeout, Error is not null);
        Events = events;
    }

    public IReadOnlyList<CanonicalEvent> Events { get; }

    public CanonicalEvent.MessageStart Start { get; }

    public CanonicalEvent.MessageEnd End { get; }

    public CanonicalEvent.Error? Error { get; }

    public ThreadId? Thread => End.ThreadId;

    public string Text => string.Join('\n', Messages);

    /// <summary>The messages of the answer; the pieces of one come one after the other.</summary>
    public List<string> Messages
    {
        get
        {
            var messages = new List<string>();
            string? item = null;
            foreach (var delta in Events.OfType<CanonicalEvent.TextDelta>())
            {
                if (delta.Item is not null && delta.Item == item)
                {
                    messages[^1] += delta.Text;
                }
                else
                {
                    messages.Add(delta.Text);
                }

                item = delta.Item;
            }

            return messages;
        }
    }

    public IEnumerable<string> NoticeCodes => Events.OfType<CanonicalEvent.Notice>().Select(notice => notice.Code);

    public string Notice(string code) => Events.OfType<CanonicalEvent.Notice>().First(notice => notice.Code == code).Message;

    /// <summary>The turn ended well, and this was its answer.</summary>
    public FinishedTurn Said(string expected)
    {
        Succeeded();
        Assert.Equal(expected, Text);
        return this;
    }

    public FinishedTurn Succeeded()
    {
        Assert.Null(Error);
        Assert.Equal(StopReason.EndTurn, End.StopReason);
        return this;
    }
}
