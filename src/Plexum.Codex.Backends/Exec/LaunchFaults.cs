using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>Why codex could not be started for a turn.</summary>
internal static class LaunchFaults
{
    /// <summary>How the turn ends.</summary>
    public static TurnFailure FailureOf(Exception cause) =>
        cause switch
        {
            CodexUnavailableException => new TurnFailure("codex_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            SandboxUnavailableException => new TurnFailure("sandbox_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            _ => BackendFailure.Of(cause),
        };
}
