using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;

namespace Plexum.Codex.Turns.Parts;

/// <summary>
/// What is said to the turn while it runs, and who waits to hear whether the model sees it. Part of the turn's actor.
/// </summary>
/// <param name="tell">Writes an event of the turn.</param>
internal sealed class Steering(Action<CanonicalEvent> tell)
{
    private readonly SortedDictionary<int, Said> _open = [];
    private int _last;

    /// <summary>Hands an addition to the run.</summary>
    /// <param name="run">The run; null while codex does not work on the turn.</param>
    /// <param name="text">The text to add.</param>
    /// <param name="by">Who says it, as the event has it.</param>
    /// <param name="asker">Who gets the answer.</param>
    public void Pass(IActorRef? run, string text, string by, IActorRef asker)
    {
        if (run is null)
        {
            asker.Tell(new CodexBackendProtocol.SteerAnswered(SteerOutcome.NotRunning));
        }
        else
        {
            _open[++_last] = new Said(text, by, asker);
            run.Tell(new CodexBackendProtocol.Steer(text) { Number = _last });
        }
    }

    /// <summary>Passes the run's answer on to who asked for it. What the model sees, or may see, is told to the turn's readers.</summary>
    public void Answer(CodexBackendProtocol.SteerAnswered answer)
    {
        if (!_open.Remove(answer.Number, out var said))
        {
            return;
        }

        if (answer.Outcome is SteerOutcome.Accepted or SteerOutcome.Unknown)
        {
            tell(new CanonicalEvent.Steer(said.Text, said.By) { IsUncertain = answer.Outcome == SteerOutcome.Unknown });
        }

        said.Asker.Tell(answer);
    }

    /// <summary>The run answers nothing more: what it was given and did not answer may have been said.</summary>
    public void End()
    {
        foreach (var number in _open.Keys.ToArray())
        {
            Answer(new CodexBackendProtocol.SteerAnswered(SteerOutcome.Unknown) { Number = number });
        }
    }

    private sealed record Said(string Text, string By, IActorRef Asker);
}
