using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Gateway;

/// <summary>A turn that has ended, as its log says and, where the log has no end, the ledger.</summary>
/// <param name="End">Its last event.</param>
/// <param name="Error">What went wrong, or null.</param>
/// <param name="LastText">codex's last message that has any text, or null.</param>
/// <param name="IsLogWhole">Whether the log has the end; if not, events may be missing.</param>
public sealed record FinishedTurn(CanonicalEvent.MessageEnd End, CanonicalEvent.Error? Error, string? LastText, bool IsLogWhole)
{
    /// <summary>Why it stopped.</summary>
    public StopReason StopReason => End.StopReason;

    /// <summary>Whether <see cref="LastText"/> is codex's answer, and not something that it said before more work.</summary>
    public bool HasFinalMessage { get; init; } = true;

    /// <summary>A turn whose log has its end.</summary>
    /// <param name="logged">The log.</param>
    /// <exception cref="InvalidOperationException">It has no end.</exception>
    internal static FinishedTurn Of(LoggedTurn logged) =>
        new(logged.End ?? throw new InvalidOperationException("The log has no end."), logged.Error, logged.LastText, IsLogWhole: true)
        {
            HasFinalMessage = !logged.HasNotice(NoticeCodes.NoFinalMessage),
        };

    /// <summary>A turn whose log has no end.</summary>
    /// <param name="logged">What the log has.</param>
    /// <param name="ending">The events that complete it.</param>
    internal static FinishedTurn Of(LoggedTurn logged, ImmutableArray<NumberedEvent> ending) =>
        new(
            (CanonicalEvent.MessageEnd)ending[^1].Event,
            logged.Error ?? ending[0].Event as CanonicalEvent.Error,
            logged.LastText,
            IsLogWhole: false
        )
        {
            HasFinalMessage = !logged.HasNotice(NoticeCodes.NoFinalMessage),
        };
}
