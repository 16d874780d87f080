using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.TestSupport.Agents;

/// <summary>A turn that a test has submitted.</summary>
public sealed class TurnRun
{
    private readonly TurnRequest _request;
    private readonly TurnId _id;
    private readonly Func<TurnRun, TurnDirectory> _directory;

    public TurnRun(TestKitBase kit, ITurnNotifier notifier, TurnRequest request, TurnId id, Func<TurnRun, TurnDirectory> directory)
    {
        (_request, _id, _directory) = (request, id, directory);
        Submitter = kit.CreateTestProbe();
        notifier.WatchAll(notice =>
        {
            if (notice.TurnId == id)
            {
                Submitter.Ref.Tell(notice);
            }
        });
    }

    public AgentId Agent => _request.AgentId;

    public TurnRequest Request => _request;

    public TurnId Id => _id;

    /// <summary>Gets the answer to the submission, and hears of this turn's start and end.</summary>
    public TestProbe Submitter { get; }

    public TurnDirectory Directory => _directory(this);

    public AgentProtocol.TurnAccepted Accepted() => Submitter.ExpectMsg<AgentProtocol.TurnAccepted>();

    public TurnRefusal Rejected() => Submitter.ExpectMsg<AgentProtocol.TurnRejected>().Refusal;

    /// <summary>The message at the end, whatever came before.</summary>
    public TurnNotice.Ended AwaitEnded() => Submitter.FishForMessage<TurnNotice.Ended>(_ => true);

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
