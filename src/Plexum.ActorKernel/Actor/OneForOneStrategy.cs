using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Applies the decision to the failed child alone.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>Restarts at most <paramref name="maxNrOfRetries"/> times within a time; null or negative means no limit.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, RestartLimit.Milliseconds(withinTimeRange), localOnlyDecider)
    {
    }

    /// <summary>Restarts at most <paramref name="maxNrOfRetries"/> times within a time; null or negative means no limit.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, RestartLimit.Milliseconds(withinTimeRange), decider)
    {
    }

    /// <summary>Restarts at most <paramref name="maxNrOfRetries"/> times within a time; negative means no limit.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Restarts at most <paramref name="maxNrOfRetries"/> times within a time; negative means no limit.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Restarts without limit.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>Restarts without limit.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled)
    {
    }

    /// <summary>Restarts without limit.</summary>
    public OneForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    /// <inheritdoc />
    public override IDecider Decider { get; }

    /// <summary>How many restarts are allowed; negative: any number.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>Within how many milliseconds they count; 0 or less: for ever.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc />
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    private protected override void ProcessFailure(
        ActorCell supervisor, bool restart, IInternalActorRef child, Exception cause, ChildrenContainer children)
    {
        if (restart && children.StatsOf(child).RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds))
        {
            child.SendSystemMessage(new Recreate(cause));
        }
        else
        {
            supervisor.Stop(child);
        }
    }
}
