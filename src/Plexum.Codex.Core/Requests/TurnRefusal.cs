using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>Why a turn was refused before it started.</summary>
public enum TurnRefusalReason
{
    /// <summary>The request names no workspace.</summary>
    WorkspaceRequired,

    /// <summary>The workspace is not an absolute path.</summary>
    WorkspaceNotAbsolute,

    /// <summary>The workspace cannot be created, is not a directory or is not writable.</summary>
    WorkspaceNotWritable,

    /// <summary>The workspace is in a place that no turn, or no turn of this client, may work in.</summary>
    WorkspaceNotAllowed,

    /// <summary>The agent has worked in the workspace before, and it is not there now.</summary>
    WorkspaceGone,

    /// <summary>Another agent works in the workspace, and the settings keep workspaces apart.</summary>
    WorkspaceOfAnotherAgent,

    /// <summary>It cannot be found out at the moment whether the workspace may be used.</summary>
    WorkspaceUnknown,

    /// <summary>No user message has any text.</summary>
    NoUserText,

    /// <summary>The prompt is longer than codex accepts.</summary>
    PromptTooLong,

    /// <summary>An image is unreadable, too large or of an unsupported kind, or there are too many.</summary>
    BadImage,

    /// <summary>The model id could be read as an option or is more than one word.</summary>
    BadModel,

    /// <summary>The request asks for a sandbox that is not as strict as the settings.</summary>
    SandboxTooWeak,

    /// <summary>The request has codex ask less than the settings say.</summary>
    ApprovalsTooLoose,

    /// <summary>Codex is to ask before it acts, and what runs the turn cannot ask.</summary>
    ApprovalsUnsupported,

    /// <summary>codex has no login, or its provider no key, so that no turn could reach the model.</summary>
    LoginMissing,

    /// <summary>The agent's queue is full.</summary>
    QueueFull,

    /// <summary>The idempotency key belongs to a turn that was submitted with another request.</summary>
    IdempotencyKeyReused,

    /// <summary>The ledger cannot record the turn at the moment.</summary>
    LedgerUnavailable,
}

/// <summary>A refusal: the reason for programs, and a sentence for people that says what was wrong and what to do.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Message">The sentence.</param>
public sealed record TurnRefusal(TurnRefusalReason Reason, string Message)
{
    /// <summary>The reason as written in JSON: <c>workspace_required</c>, <c>no_user_text</c> and so on.</summary>
    public string Code =>
        Reason switch
        {
            TurnRefusalReason.WorkspaceRequired => "workspace_required",
            TurnRefusalReason.WorkspaceNotAbsolute => "workspace_not_absolute",
            TurnRefusalReason.WorkspaceNotWritable => "workspace_not_writable",
            TurnRefusalReason.WorkspaceNotAllowed => "workspace_not_allowed",
            TurnRefusalReason.WorkspaceGone => "workspace_gone",
            TurnRefusalReason.WorkspaceOfAnotherAgent => "workspace_of_another_agent",
            TurnRefusalReason.WorkspaceUnknown => "workspace_unknown",
            TurnRefusalReason.NoUserText => "no_user_text",
            TurnRefusalReason.PromptTooLong => "prompt_too_long",
            TurnRefusalReason.BadImage => "bad_image",
            TurnRefusalReason.BadModel => "bad_model",
            TurnRefusalReason.SandboxTooWeak => "sandbox_too_weak",
            TurnRefusalReason.ApprovalsTooLoose => "approvals_too_loose",
            TurnRefusalReason.ApprovalsUnsupported => "approvals_unsupported",
            TurnRefusalReason.LoginMissing => "login_missing",
            TurnRefusalReason.QueueFull => "queue_full",
            TurnRefusalReason.IdempotencyKeyReused => "idempotency_key_reused",
            TurnRefusalReason.LedgerUnavailable => "ledger_unavailable",
            _ => "refused",
        };

    /// <summary>Whether the same turn may be accepted later without any change.</summary>
    public bool MayPass =>
        Reason is TurnRefusalReason.QueueFull or TurnRefusalReason.LedgerUnavailable or TurnRefusalReason.WorkspaceUnknown;

    /// <summary>The request names no workspace.</summary>
    public static TurnRefusal WorkspaceRequired { get; } =
        new(TurnRefusalReason.WorkspaceRequired, "codex: agent workspace required (host must supply AgentContext)");

    /// <summary>The workspace is in a place where the turn may not work.</summary>
    /// <param name="path">The workspace.</param>
    /// <param name="why">Why, and what to do, as the end of a sentence.</param>
    public static TurnRefusal WorkspaceNotAllowed(string path, string why) =>
        new(TurnRefusalReason.WorkspaceNotAllowed, $"codex: workspace {path} cannot be used: {why}");

    /// <summary>The workspace cannot be created, or is not a directory that this user may write to.</summary>
    /// <param name="path">The workspace.</param>
    /// <param name="why">Why, as a clause.</param>
    public static TurnRefusal WorkspaceNotWritable(string path, string why) =>
        new(
            TurnRefusalReason.WorkspaceNotWritable,
            $"codex: workspace {path} cannot be used: {why}; make it a directory that this user may write to, or name another one"
        );

    /// <summary>Another agent works in the workspace, in a directory that contains it, or in one that lies in it.</summary>
    /// <param name="path">The workspace.</param>
    /// <param name="other">The other agent.</param>
    /// <param name="place">Where that agent works; null if whoever asks may not know.</param>
    public static TurnRefusal WorkspaceOfAnotherAgent(string path, AgentId other, string? place) =>
        new(
            TurnRefusalReason.WorkspaceOfAnotherAgent,
            $"codex: workspace {path} cannot be used: agent {other} works {(place is null ? "there" : $"in {place}")}; name another "
                + "directory, or set turns.shared-workspaces = tell"
        );

    /// <summary>It cannot be found out at the moment whether the workspace may be used.</summary>
    /// <param name="why">What could not be read or written, and why, as a clause.</param>
    public static TurnRefusal WorkspaceUnknown(string why) =>
        new(
            TurnRefusalReason.WorkspaceUnknown,
            $"codex: whether the turn's workspace can be used could not be found out: {why}; try again, and see to the disk and to the "
                + "daemon's limit of open files if it stays so"
        );

    /// <summary>The agent has worked in the workspace before, and it is not there now.</summary>
    /// <param name="path">The workspace.</param>
    public static TurnRefusal WorkspaceGone(string path) =>
        new(
            TurnRefusalReason.WorkspaceGone,
            $"codex: workspace {path} is gone, which was there before; put it back, or mount its disk. To begin with an "
                + "empty one, create the directory, or set turns.missing-workspace = make-anew"
        );

    /// <summary>The request asks for a sandbox that may allow what the settings forbid.</summary>
    /// <param name="wanted">What it asks for.</param>
    /// <param name="setting">What the settings say.</param>
    public static TurnRefusal SandboxTooWeak(CodexSandbox wanted, CodexSandbox setting) =>
        new(
            TurnRefusalReason.SandboxTooWeak,
            $"codex: the request asks for the sandbox {wanted.ToWireName()}, which may allow what codex.sandbox = {setting.ToWireName()} "
                + "forbids; leave it out, ask for a stricter one, or have the daemon's owner change the setting"
        );

    /// <summary>The request has codex ask less than the settings say.</summary>
    /// <param name="wanted">What it asks for.</param>
    /// <param name="setting">What the settings say.</param>
    /// <param name="key">Which setting says it.</param>
    public static TurnRefusal ApprovalsTooLoose(ApprovalPolicy wanted, ApprovalPolicy setting, string key) =>
        new(
            TurnRefusalReason.ApprovalsTooLoose,
            $"codex: the request asks for approvals {wanted.ToWireName()}, with which codex would do without asking what it asks about "
                + $"with {key} = {setting.ToWireName()}; leave it out, ask for a stricter one, or have the daemon's owner change the "
                + "setting"
        );

    /// <summary>Codex is to ask before it acts, and <c>codex exec</c> cannot ask.</summary>
    /// <param name="policy">When it is to ask.</param>
    public static TurnRefusal ApprovalsUnsupported(ApprovalPolicy policy) =>
        new(
            TurnRefusalReason.ApprovalsUnsupported,
            $"codex: with approvals {policy.ToWireName()}, codex asks before it acts, and codex exec cannot ask; run the turn with the "
                + "backend app-server (codex.backend, or backend in the request), or without approvals (never)"
        );

    /// <summary>The workspace could not be created.</summary>
    /// <param name="path">The workspace, an absolute path.</param>
    /// <param name="cause">Why, in the system's words, which say of a link that leads nowhere that it already exists.</param>
    public static TurnRefusal WorkspaceNotMade(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileStatus.OfPath(at) is { Kind: FileKind.Link } && Libc.Access(at, Libc.IsThere) != 0)
            {
                return WorkspaceNotWritable(path, $"{at} is a link that leads nowhere: {new FileInfo(at).LinkTarget} is not there");
            }
        }

        return WorkspaceNotWritable(path, cause.Message.TrimEnd('.'));
    }

    internal static TurnRefusal NoUserText { get; } = new(TurnRefusalReason.NoUserText, "codex: no user text in request messages");
}
