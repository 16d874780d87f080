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
    /// <param name="slots">How the slots stand.</param>
    /// <returns>The turn as it is to wait on.</returns>
    public async Task<QueuedTurn> TellAsync(QueuedTurn queued, AdmissionProtocol.AdmissionSnapshot slots)
    {
        var told = queued with { IsToldOfWait = true, Turn = queued.Turn with { MayHaveLog = true } };
        if (slots.IsDraining)
        {
            return told;
        }

        try
        {
            var notice = new CanonicalEvent.Notice(NoticeCodes.WaitingForSlot, Explain(slots));
            await FileWork.Run(() => TurnPreparation.TellEarlyAsync(turns, queued.Turn, notice));
            services.Notifier.Started(queued.TurnId, agent);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            log.Warning("codex: a wait could not be told agent={AgentId} turn={TurnId} err={Error}", agent, queued.TurnId, e.Message);
        }

        return told;
    }

    // Other agents are not named: who reads the turn may not be allowed to know them.
    private string Explain(AdmissionProtocol.AdmissionSnapshot slots) =>
        slots.Held.Length < slots.Limit
            ? "The daemon has just started and first gives each codex that its last run left a slot; the turn waits for that."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"All slots for codex processes are taken (turns.max-running: {slots.Limit}); the turn is number {PlaceIn(slots)} of those "
                    + $"that wait for one."
            );

    private int PlaceIn(AdmissionProtocol.AdmissionSnapshot slots) => Math.Max(0, slots.Waiting.IndexOf(agent)) + 1;
}
