using System.Collections.Immutable;
using System.Text.Json;
using Akka.Event;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>
/// The messages between a turn and the backend that runs it. Every message is data. The run is an actor, a child of the turn's. It
/// answers one <see cref="Start"/> or <see cref="Reattach"/> with <see cref="Ended"/>, <see cref="BeginNewThread"/>,
/// <see cref="WaitForThread"/> or <see cref="StartAgain"/>. After the latter three it is idle and can be started again.
/// </summary>
public static class CodexBackendProtocol
{
    /// <summary>From the turn to its run.</summary>
    public interface ICommand : IDeadLetterSuppression;

    /// <summary>From the run to its turn.</summary>
    public interface IReport : IDeadLetterSuppression;

    /// <summary>Answers one <see cref="Events"/>.</summary>
    public interface IEventsAnswer : IDeadLetterSuppression;

    /// <summary>Runs the turn.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Attempt">Which attempt this is, counting from 1.</param>
    /// <param name="Workspace">The absolute path of the directory in which codex works, with every link followed.</param>
    /// <param name="Prompt">The prompt.</param>
    /// <param name="Model">The model, or null for codex's default.</param>
    /// <param name="Thread">The thread to resume, or null for a new one.</param>
    /// <param name="Baseline">The thread's token total so far; null if unknown.</param>
    /// <param name="Sandbox">What the model's commands may do.</param>
    /// <param name="Tools">The server of the host's tools, or null if the turn has none.</param>
    public sealed record Start(
        TurnId TurnId,
        int Attempt,
        string Workspace,
        Prompt Prompt,
        string? Model,
        ThreadId? Thread,
        Usage? Baseline,
        CodexSandbox Sandbox,
        ToolServer? Tools
    ) : ICommand
    {
        /// <summary>When the turn started.</summary>
        public required DateTimeOffset StartedAt { get; init; }

        /// <summary>When and where codex last continued the thread; null if unknown.</summary>
        public ThreadSighting? ThreadSeen { get; init; }

        /// <summary>Whether the request names the sandbox, so that no setting may allow more.</summary>
        public bool SandboxIsRequested { get; init; }

        /// <summary>How codex works in this turn.</summary>
        public TurnOptions Options { get; init; } = TurnOptions.None;

        /// <summary>The directories that the prompt's images may lie in.</summary>
        public ImmutableArray<ImageSource> ImageSources { get; init; } = [];
    }

    /// <summary>Continues a turn that an earlier process of this program started.</summary>
    /// <param name="TurnId">The turn.</param>
    public sealed record Reattach(TurnId TurnId) : ICommand
    {
        /// <summary>When and where codex last continued the thread; null if unknown.</summary>
        public ThreadSighting? ThreadSeen { get; init; }
    }

    /// <summary>
    /// Ends the turn early. <see cref="Ended"/> follows; <see cref="BeginNewThread"/> and <see cref="WaitForThread"/> do not.
    /// </summary>
    /// <param name="Cause">Why. The first cause counts.</param>
    /// <param name="Force">Stop at once, without giving codex time to finish.</param>
    public sealed record Stop(StopCause Cause, bool Force) : ICommand;

    /// <summary>
    /// Adds to the prompt while the turn runs. The answer is <see cref="SteerAnswered"/>; those of several may come in another order.
    /// </summary>
    /// <param name="Text">The text to add.</param>
    public sealed record Steer(string Text) : ICommand
    {
        /// <summary>Its number in the turn, which the answer repeats.</summary>
        public int Number { get; init; }

        /// <summary>The answer to it.</summary>
        /// <param name="outcome">The outcome.</param>
        public SteerAnswered Answer(SteerOutcome outcome) => new(outcome) { Number = Number };
    }

    /// <summary>Whether the backend took the addition.</summary>
    /// <param name="Outcome">The outcome.</param>
    public sealed record SteerAnswered(SteerOutcome Outcome) : IReport
    {
        /// <summary>The number of the addition.</summary>
        public int Number { get; init; }

        /// <summary>Codex's words; null if it has none.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>Answers what codex asks.</summary>
    public interface IAnswer : ICommand;

    /// <summary>About a question of codex, for which the turn waits.</summary>
    public interface IQuestionReport : IReport;

    /// <summary>
    /// Codex asks something and waits for <see cref="Answer"/>. It may ask the same again after a restart of this program or a lost
    /// connection; the question has the same <see cref="ApprovalQuestion.Id"/> then.
    /// </summary>
    /// <param name="Question">The question.</param>
    public sealed record Asked(ApprovalQuestion Question) : IQuestionReport;

    /// <summary>Codex no longer waits for the answer to a question. It also comes after an answer, and means nothing then.</summary>
    /// <param name="Id">The question.</param>
    public sealed record Withdrawn(ApprovalId Id) : IQuestionReport;

    /// <summary>Answers a question. There is no reply; of a question that is not asked any more, it is ignored.</summary>
    /// <param name="Id">The question.</param>
    /// <param name="Given">The answer.</param>
    public sealed record Answer(ApprovalId Id, ApprovalAnswer Given) : IAnswer;

    /// <summary>About a call of a host's tool that does not come over the tools' socket.</summary>
    public interface IToolReport : IReport;

    /// <summary>
    /// The model calls a tool of the host, and codex waits for <see cref="ToolAnswer"/>. After a restart of this program, codex may ask
    /// again
    /// for a call that the host was given before.
    /// </summary>
    /// <param name="Question">Names the question in this turn.</param>
    /// <param name="CallId">The model's own id of the call.</param>
    /// <param name="Name">The tool, by the name that the model is shown.</param>
    /// <param name="Arguments">What the model gives; it may be any JSON.</param>
    public sealed record ToolAsked(string Question, string CallId, string Name, JsonElement Arguments) : IToolReport;

    /// <summary>Codex no longer waits for the answer to a call.</summary>
    /// <param name="Question">The question.</param>
    public sealed record ToolWithdrawn(string Question) : IToolReport;

    /// <summary>Answers a call. There is no reply; of a call that nobody waits for any more, it is ignored.</summary>
    /// <param name="Question">The question.</param>
    /// <param name="Content">The parts in order.</param>
    /// <param name="IsError">Whether the call failed; the content then says how.</param>
    public sealed record ToolAnswer(string Question, ImmutableArray<ToolContent> Content, bool IsError) : IAnswer;

    /// <summary>Codex works in this thread. Sent before the first event in it.</summary>
    /// <param name="Thread">The thread.</param>
    public sealed record ThreadNamed(ThreadId Thread) : IReport;

    /// <summary>Events of the turn, in order. They are acknowledged once written; the sender should send no more before that.</summary>
    /// <param name="Batch">The events.</param>
    public sealed record Events(ImmutableArray<CanonicalEvent> Batch) : IReport;

    /// <summary>The events are in the turn's log.</summary>
    public sealed record EventsKept : IEventsAnswer
    {
        /// <summary>The only instance.</summary>
        public static EventsKept Instance { get; } = new();
    }

    /// <summary>
    /// The events could not be written. The run stops codex at once and ends with <see cref="BackendFailure.LogUnwritable"/>.
    /// </summary>
    /// <param name="Reason">Why.</param>
    public sealed record EventsLost(string Reason) : IEventsAnswer;

    /// <summary>The thread is gone: the turn needs another <see cref="Start"/>, without one.</summary>
    /// <param name="Notice">Tells readers that the context is lost.</param>
    public sealed record BeginNewThread(CanonicalEvent.Notice Notice) : IReport;

    /// <summary>Another process is writing to the thread: the turn needs another <see cref="Start"/> a little later.</summary>
    /// <param name="Writer">The other process, to begin a sentence with: <c>process 4711 (codex)</c>.</param>
    public sealed record WaitForThread(string Writer) : IReport;

    /// <summary>
    /// Codex never began the turn, because the program died before it had asked for that, or the app-server before it had done it: the turn
    /// needs a <see cref="Start"/> now.
    /// </summary>
    public sealed record StartAgain : IReport
    {
        /// <summary>The only instance.</summary>
        public static StartAgain Instance { get; } = new();
    }

    /// <summary>Codex no longer works on the turn; it can neither be stopped nor call tools. Some events may still follow.</summary>
    public sealed record Finishing : IReport
    {
        /// <summary>The only instance.</summary>
        public static Finishing Instance { get; } = new();
    }

    /// <summary>The turn is over for the backend. Nothing follows.</summary>
    /// <param name="End">How it ended.</param>
    public sealed record Ended(BackendEnd End) : IReport;
}

/// <summary>Why a turn is stopped before codex ends it.</summary>
public enum StopCause
{
    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It exceeded its time limit.</summary>
    TimedOut,
}

/// <summary>The outcome of a <see cref="CodexBackendProtocol.Steer"/>.</summary>
public enum SteerOutcome
{
    /// <summary>The model will see the addition.</summary>
    Accepted,

    /// <summary>This backend cannot add to a running turn.</summary>
    NotSupported,

    /// <summary>Codex does not work on the turn: it has not begun yet, or it is ending.</summary>
    NotRunning,

    /// <summary>The turn is still being recovered. Nothing was said; the same may be tried again in a moment.</summary>
    NotAtHand,

    /// <summary>The turn is its owner's, and somebody else wants to add to it.</summary>
    NotAllowed,

    /// <summary>Codex did not take the addition, for the reason that it gave.</summary>
    Refused,

    /// <summary>It is not known whether the model will see the addition.</summary>
    Unknown,
}
