using Akka.Actor;
using Plexum.Codex.Backend;

namespace Plexum.Codex.Turns.Parts;

/// <summary>Who waits to hear whether the model sees an addition to the turn's prompt. Part of the turn's actor.</summary>
internal sealed class Steering
{
    private readonly Queue<IActorRef> _askers = new();

    /// <summary>Hands an addition to the run, which answers in the order of the questions.</summary>
    /// <param name="run">The run; null while codex does not work on the turn.</param>
    /// <param name="text">The text to add.</param>
    /// <param name="asker">Who gets the answer.</param>
    public void Pass(IActorRef? run, string text, IActorRef asker)
    {
        if (run is null)
        {
            asker.Tell(new CodexBackendProtocol.SteerAnswered(SteerOutcome.NotRunning));
        }
        else
        {
            _askers.Enqueue(asker);
            run.Tell(new CodexBackendProtocol.Steer(text));
        }
    }

    /// <summary>Passes the run's answer on to who asked first.</summary>
    public void Answer(SteerOutcome outcome)
    {
        if (_askers.TryDequeue(out var asker))
        {
            asker.Tell(new CodexBackendProtocol.SteerAnswered(outcome));
        }
    }

    /// <summary>Answers everybody who still waits: codex no longer works on the turn.</summary>
    public void End()
    {
        while (_askers.Count > 0)
        {
            Answer(SteerOutcome.NotRunning);
        }
    }
}
