using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>The failures that every backend, and the turn itself, tell in the same words.</summary>
public static class BackendFailure
{
    /// <summary>What an exception means for the turn.</summary>
    public static TurnFailure Of(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause switch
        {
            TurnRefusedException refused => new TurnFailure(refused.Refusal.Code, cause.Message, TurnErrorClass.Request, Retryable: false),
            CodexException => new TurnFailure("workspace_unusable", cause.Message, TurnErrorClass.Workspace, Retryable: false),
            _ => new TurnFailure("host_failure", $"The turn could not be carried out: {cause.Message}", TurnErrorClass.Host, Retryable: true),
        };
    }

    /// <summary>The turn's events could not be written, so codex must not continue work that nobody will know of.</summary>
    public static TurnFailure LogUnwritable(string reason) => new(
        "log_unwritable",
        $"The turn was stopped, because its events could not be written down: {reason} Check the space and the permissions of the profile.",
        TurnErrorClass.Host, Retryable: true);

    /// <summary>A failure of this program; another attempt may succeed.</summary>
    public static TurnFailure Internal(string what) =>
        new("host_failure", $"{what} The log of the program says more.", TurnErrorClass.Host, Retryable: true);

    /// <summary>The actor that ran the turn failed.</summary>
    public static TurnFailure RunLost() => new(
        "host_failure", "plexum-codex failed while codex was running; codex was stopped. The log of the program says more.",
        TurnErrorClass.Host, Retryable: false);

    /// <summary>The notice that the host's tools cannot be reached.</summary>
    public static CanonicalEvent.Notice ToolsUnavailable(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new CanonicalEvent.Notice(
            NoticeCodes.ToolsUnavailable, $"The host's tools cannot be reached in this turn: {reason.TrimEnd('.')}. codex goes on with its own.");
    }
}
