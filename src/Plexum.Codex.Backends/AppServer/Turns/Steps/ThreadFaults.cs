using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>What a refusal of the server means for a turn, with the codes that the same refusal has with exec.</summary>
internal static class ThreadFaults
{
    /// <summary>Why the thread was not resumed; <see cref="ResumeProblem.None"/> if the reason is not the thread's.</summary>
    public static ResumeProblem ProblemOf(AppServerFault fault) =>
        fault.Kind switch
        {
            AppServerFaultKind.Busy => ResumeProblem.ThreadBusy,
            AppServerFaultKind.NotFound => ResumeProblem.ThreadUnknown,
            AppServerFaultKind.Archived => ResumeProblem.ThreadArchived,
            AppServerFaultKind.Other or AppServerFaultKind.Unreadable or AppServerFaultKind.Configuration => ResumeProblems.Of(
                fault.Message
            ),
            _ => ResumeProblem.None,
        };

    /// <summary>The failure of a turn that codex did not begin.</summary>
    public static TurnFailure FailureOf(AppServerFault fault) =>
        fault.Kind switch
        {
            AppServerFaultKind.ServerDown or AppServerFaultKind.NoAnswer or AppServerFaultKind.Overloaded or AppServerFaultKind.Draining =>
                ServerFailure.Lost(fault.Message, hasWorked: false),
            AppServerFaultKind.TooLarge => new TurnFailure("bad_request", fault.Message, TurnErrorClass.Request, Retryable: false),
            AppServerFaultKind.Configuration => CodexFailureText.Of(fault.Message, "codex_config_unusable", TurnErrorClass.Spawn),
            _ => CodexFailureText.Of(fault.Message, "turn_failed", TurnErrorClass.Process),
        };

    /// <summary>The failure of a turn that could not be prepared.</summary>
    public static TurnFailure FailureOf(Exception cause) =>
        cause switch
        {
            CodexUnavailableException => new TurnFailure("codex_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            SandboxUnavailableException => new TurnFailure("sandbox_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            CodexConfigException => new TurnFailure("codex_config_unusable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            _ => BackendFailure.Of(cause),
        };
}
