using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// Owns this agent's way to the rollout of its thread: where the file is, and who looks into it at the moment, one after the other.
/// Parent: the agent's actor; no children. Phases: none. When it fails, its parent stops it and makes another one for the next
/// question; the turn that waited for an answer ends with a notice that its tool calls are not known.
/// </summary>
internal sealed partial class RolloutActor : ReceiveActor
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    private readonly RolloutFinder _finder;
    private readonly TurnReading _reading;
    private readonly RolloutLimits _limits;
    private (ThreadId Thread, string Path)? _known;

    public RolloutActor(RolloutServices services)
    {
        _finder = new RolloutFinder(services.Settings.CodexHome, services.Time);
        _limits = services.Settings.Limits;
        _reading = new TurnReading(_limits, OpenRollout.ScratchOf(services.Profile));
        _consumption = new RolloutConsumption(services, _finder);
        ReceiveAsync<RolloutProtocol.NoteStart>(OnNoteStart);
        ReceiveAsync<RolloutProtocol.ReadTurn>(OnReadTurn);
        ReceiveAsync<RolloutProtocol.Consume>(OnConsume);
    }

    public static Props Props(RolloutServices services) => Akka.Actor.Props.Create(() => new RolloutActor(services));

    private async Task OnNoteStart(RolloutProtocol.NoteStart message)
    {
        var sender = Sender;
        RolloutMark? mark = null;
        try
        {
            if (await LocateAsync(message.Thread) is { } rollout)
            {
                mark = new RolloutMark(rollout.Path, await FileWork.Run(() => OpenRollout.LengthOf(rollout, _limits)));
            }
        }
        catch (IOException e)
        {
            LogUnreadable(message.TurnId, e.Message);
        }

        sender.Tell(new RolloutProtocol.StartNoted(message.TurnId, mark));
    }

    private async Task OnReadTurn(RolloutProtocol.ReadTurn message)
    {
        var sender = Sender;
        RolloutFindings findings;
        try
        {
            var rollout = await LocateAsync(message.Thread);
            findings = await FileWork.Run(() => _reading.ReadAsync(
                rollout, message.Thread, message.ResumedThread, message.Mark, calls => EmitAsync(message.Turn, calls)));
        }
        catch (IOException e)
        {
            findings = RolloutFindings.Of(NoticeCodes.RolloutUnreadable, $"The turn's tool calls are not known: {e.Message}");
        }

        sender.Tell(new RolloutProtocol.TurnRead(message.TurnId, findings));
    }

    // The turn may be gone, and this actor must not wait for it for ever: an agent's next consume would.
    private static async Task EmitAsync(IActorRef turn, ImmutableArray<CanonicalEvent> calls)
    {
        try
        {
            if (await turn.Ask<CodexBackendProtocol.IEventsAnswer>(new CodexBackendProtocol.Events(calls), AnswerLimit).ConfigureAwait(false)
                is CodexBackendProtocol.EventsLost lost)
            {
                throw new IOException(lost.Reason);
            }
        }
        catch (AskTimeoutException e)
        {
            throw new IOException("the turn did not take them", e);
        }
    }

    /// <summary>
    /// The rollout of a thread as it is now, or null; it is only searched for when it is not where it was. Call it within the handling
    /// of a message and await it there, so that nothing else happens to the file meanwhile.
    /// </summary>
    private async Task<RolloutFile?> LocateAsync(ThreadId thread)
    {
        var known = _known is { } last && last.Thread == thread ? last.Path : null;
        var rollout = await FileWork.Run(() => (known is null ? null : RolloutFile.At(known)) ?? _finder.Find(thread));

        // A compressed one is searched for again: codex unpacks it beside it, and the plain one counts.
        _known = rollout is { IsCompressed: false } ? (thread, rollout.Path) : null;
        return rollout;
    }
}
