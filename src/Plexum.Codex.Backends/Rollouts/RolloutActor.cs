using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// Owns this agent's access to its thread's rollout: it knows where the file is and handles one reader or writer at a time.
/// Parent: the agent's actor; no children. Phases: none. When it fails, its parent stops it and creates another one for the next
/// request; the turn that waited for it ends with a notice that its tool calls could not be read.
/// </summary>
public sealed partial class RolloutActor : ReceiveActor
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    private readonly RolloutFinder _finder;
    private readonly TurnReading _reading;
    private readonly RolloutOpener _opener;
    private (ThreadId Thread, string Path)? _known;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public RolloutActor(RolloutServices services)
    {
        _finder = new RolloutFinder(services.Settings.CodexHome, services.Time);
        _opener = new RolloutOpener(_finder, OpenRollout.ScratchOf(services.Profile), services.Settings.Limits);
        _reading = new TurnReading(services.Settings.Limits, _opener);
        _consumption = new ThreadRewrite(services, _finder, _opener);
        ReceiveAsync<RolloutProtocol.NoteStart>(OnNoteStart);
        ReceiveAsync<RolloutProtocol.ReadTurn>(OnReadTurn);
        ReceiveAsync<RolloutProtocol.ReadCalls>(OnReadCalls);
        ReceiveAsync<RolloutProtocol.Consume>(OnConsume);
    }

    /// <summary>The rollout actor of an agent.</summary>
    public static Props Props(RolloutServices services) => Akka.Actor.Props.Create(() => new RolloutActor(services));

    private async Task OnNoteStart(RolloutProtocol.NoteStart message)
    {
        var sender = Sender;
        RolloutMark? mark = null;
        try
        {
            if (await LocateAsync(message.Thread) is { } rollout)
            {
                mark = await FileWork.Run(() => _opener.EndOf(message.Thread, rollout));
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
            findings = await FileWork.Run(() =>
                _reading.ReadAsync(
                    rollout,
                    message.Thread,
                    message.ResumedThread,
                    message.Mark,
                    message.Told,
                    calls => EmitAsync(message.Turn, calls),
                    message.CodexTurn
                )
            );
        }
        catch (IOException e)
        {
            findings = RolloutFindings.Of(NoticeCodes.RolloutUnreadable, $"The turn's tool calls could not be read: {e.Message}");
        }

        sender.Tell(new RolloutProtocol.TurnRead(message.TurnId, findings));
    }

    // What cannot be read now is read when the turn ends, and told then.
    private async Task OnReadCalls(RolloutProtocol.ReadCalls message)
    {
        var sender = Sender;
        var read = new LiveCalls(message.Told, message.From);
        try
        {
            if (await LocateAsync(message.Thread) is { } rollout)
            {
                read = await FileWork.Run(() =>
                    _reading.ReadCallsAsync(rollout, message.Thread, read, calls => EmitAsync(message.Turn, calls))
                );
            }
        }
        catch (IOException e)
        {
            LogUnreadable(message.TurnId, e.Message);
        }

        sender.Tell(new RolloutProtocol.CallsRead(message.TurnId, read.Told, read.From));
    }

    // The turn may be gone. Waiting for it forever would block the agent's next consume.
    private static async Task EmitAsync(IActorRef turn, ImmutableArray<CanonicalEvent> calls)
    {
        try
        {
            if (
                await turn.Ask<CodexBackendProtocol.IEventsAnswer>(new CodexBackendProtocol.Events(calls), AnswerLimit)
                    .ConfigureAwait(false)
                is CodexBackendProtocol.EventsLost lost
            )
            {
                throw new IOException(lost.Reason);
            }
        }
        catch (AskTimeoutException e)
        {
            throw new IOException("The turn did not accept them in time.", e);
        }
    }

    /// <summary>
    /// The current rollout of a thread, or null. It searches only if the file is not where it was last. Call it while handling a
    /// message and await it there, so that nothing else touches the file meanwhile.
    /// </summary>
    private async Task<RolloutFile?> LocateAsync(ThreadId thread)
    {
        var known = _known is { } last && last.Thread == thread ? last.Path : null;
        var rollout = await FileWork.Run(() => (known is null ? null : RolloutFile.At(known)) ?? _finder.Find(thread));

        // Search for a compressed one again next time: codex may unpack it meanwhile, and then the plain file counts.
        _known = rollout is { IsCompressed: false } ? (thread, rollout.Path) : null;
        return rollout;
    }
}
