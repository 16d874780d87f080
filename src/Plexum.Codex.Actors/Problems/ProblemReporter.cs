using Akka.Actor;

namespace Plexum.Codex.Problems;

/// <summary>Passes reports on to the <see cref="ProblemsActor"/>, and keeps those that come before there is one.</summary>
public sealed class ProblemReporter : IProblemReporter
{
    private readonly Lock _gate = new();
    private readonly List<object> _early = [];
    private IActorRef? _actor;

    /// <inheritdoc/>
    public void Begins(ProblemKind kind, string message) => Tell(new ProblemsProtocol.Begins(kind, message));

    /// <inheritdoc/>
    public void Ends(ProblemKind kind) => Tell(new ProblemsProtocol.Ends(kind));

    /// <summary>Passes on what was kept, and from here on everything at once.</summary>
    public void Attach(IActorRef actor)
    {
        lock (_gate)
        {
            _actor = actor;
            foreach (var report in _early)
            {
                actor.Tell(report, ActorRefs.NoSender);
            }

            _early.Clear();
        }
    }

    private void Tell(object report)
    {
        lock (_gate)
        {
            if (_actor is { } actor)
            {
                actor.Tell(report, ActorRefs.NoSender);
            }
            else
            {
                _early.Add(report);
            }
        }
    }
}
