using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>Finds out what has become of a thread that codex did not continue, or who writes to it, as with exec.</summary>
/// <param name="services">What turns need.</param>
/// <param name="agent">The agent.</param>
/// <param name="thread">The thread.</param>
internal sealed class ThreadSearch(AppServerTurnServices services, AgentId agent, ThreadId thread)
{
    /// <summary>Looks for the process that has the thread's lock; <see cref="WriterFound"/> comes.</summary>
    public void FindWriter(IActorRef self)
    {
        var path = ThreadWriterLock.PathOf(services.CodexHome, thread);
        FileWork
            .Run(() => LockHolder.Find(path)?.ToString())
            .PipeTo(self, success: writer => new WriterFound(writer), failure: _ => new WriterFound(null));
    }

    /// <summary>Looks for the thread; <see cref="ThreadLocated"/> comes.</summary>
    public void Locate(ResumeProblem problem, AppServerFault fault, ThreadSighting? seen, IActorRef self) =>
        FileWork
            .Run(() => new ThreadLocator(services.CodexHome, services.Time).Locate(thread, seen))
            .PipeTo(
                self,
                success: found => new ThreadLocated(problem, fault.Message, found),
                failure: e => new ThreadLocated(problem, fault.Message, ThreadWhereabouts.Unreachable(e.Message))
            );

    /// <summary>The notice that the thread is given up; null if it is not.</summary>
    public CanonicalEvent.Notice? GivesUp(ThreadLocated located) =>
        ThreadRefusal.GivesUp(located.Problem, located.Found) ? new TurnThread(thread, null).GiveUp() : null;

    /// <summary>Why the turn fails.</summary>
    public TurnFailure Explain(ThreadLocated located) =>
        new ThreadRefusal(agent, thread, services.CodexHome).Explain(located.Problem, located.Words, located.Found);
}

/// <summary>Who writes to the thread; null if that is unknown.</summary>
internal sealed record WriterFound(string? Writer) : IDeadLetterSuppression;

/// <summary>What has become of the thread.</summary>
internal sealed record ThreadLocated(ResumeProblem Problem, string Words, ThreadWhereabouts Found) : IDeadLetterSuppression;
