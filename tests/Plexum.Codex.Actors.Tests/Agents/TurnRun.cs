using System.Collections.Immutable;
using Akka.TestKit;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

/// <summary>A turn that a test has submitted.</summary>
public sealed class TurnRun(TestKitBase kit, TurnRequest request, TurnId id, Func<TurnRun, TurnDirectory> directory)
{
    public AgentId Agent => request.AgentId;

    public TurnRequest Request => request;

    public TurnId Id => id;

    /// <summary>Hears of this turn alone.</summary>
    public TestProbe Submitter { get; } = kit.CreateTestProbe();

    public TurnDirectory Directory => directory(this);

    public AgentProtocol.TurnAccepted Accepted() => Submitter.ExpectMsg<AgentProtocol.TurnAccepted>();

    public TurnRefusal Rejected() => Submitter.ExpectMsg<AgentProtocol.TurnRejected>().Refusal;

    /// <summary>The message at the end, whatever came before.</summary>
    public AgentProtocol.TurnEnded AwaitEnded()
    {
        var ended = Submitter.FishForMessage<AgentProtocol.TurnEnded>(_ => true);
        Assert.Equal(id, ended.TurnId);
        return ended;
    }

    /// <summary>Waits for the end, which must be this one and be wholly told in the log.</summary>
    public TurnStory Ended(StopReason reason)
    {
        var ended = AwaitEnded();
        Assert.Null(ended.Unrecorded);
        Assert.Equal(reason, ended.StopReason);
        var story = TurnStory.Whole(this);
        Assert.Equal(reason, story.End.StopReason);
        return story;
    }

    /// <summary>The events so far.</summary>
    public ImmutableArray<CanonicalEvent> Events => TurnStory.Read(Directory.EventsFile);
}
