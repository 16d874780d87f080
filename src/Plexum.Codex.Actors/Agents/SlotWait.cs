using System.Globalization;
using Akka.Event;
using Plexum.Codex.Admission;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Tells the readers of a turn that has waited for its slot for a while why it does. Part of the agent's actor.</summary>
internal sealed class SlotWait(AgentServices services, AgentId agent, TurnServices turns, ILoggingAdapter log)
{
    /// <summary>Writes the notice into the turn's log, which begins with it.</summary>
    /// <param name="queued">The turn that waits.</param>
    /// <param name="place">Where the agent stands among those that wait.</param>
    /// <returns>The turn as it is to wait on.</returns>
    public async Task<QueuedTurn> TellAsync(QueuedTurn queued, AdmissionProtocol.Place place)
    {
        var told = queued with { IsToldOfWait = true, Turn = queued.Turn with { MayHaveLog = true } };
        if (place.IsDraining)
        {
            return told;
        }

        try
        {
            var notice = new CanonicalEvent.Notice(NoticeCodes.WaitingForSlot, Explain(place));
            await FileWork.Run(() => TurnPreparation.TellEarlyAsync(turns, queued.Turn, notice));
            services.Notifier.Waiting(queued.TurnId, agent);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            log.Warning("codex: a wait could not be told agent={AgentId} turn={TurnId} err={Error}", agent, queued.TurnId, e.Message);
        }

        return told;
    }

    // Other agents are not named: who reads the turn may not be allowed to know them.
    private static string Explain(AdmissionProtocol.Place place) =>
        place.Held < place.Limit
            ? "The daemon has just started and first gives each codex that its last run left a slot; the turn waits for that."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"All slots for codex processes are taken (turns.max-running: {place.Limit}); the turn is number {place.Number} of those "
                    + $"that wait for one."
            );
}
