using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Event;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Server;

/// <summary>
/// The messages of the actor of the node's app-server, <c>/user/app-server</c>. Every message is data; JSON in them is not changed any
/// more once it is sent. The sender of an <see cref="OpenThread"/> is the thread's listener until it sends <see cref="CloseThread"/> or
/// stops: it gets what the server says about the thread, in the order in which the server said it, also between the replies to its
/// requests.
/// </summary>
public static class AppServerProtocol
{
    /// <summary>From a run to the server.</summary>
    public interface ICommand : IDeadLetterSuppression;

    /// <summary>From the server to a run.</summary>
    public interface IReport : IDeadLetterSuppression;

    /// <summary>
    /// Loads a thread, or begins one, and makes the sender its listener. A server that does not run is started first. The reply is
    /// <see cref="ThreadOpened"/> or <see cref="Refused"/>.
    /// </summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread to resume; null for a new one.</param>
    /// <param name="Setup">How it is loaded.</param>
    public sealed record OpenThread(TurnId TurnId, ThreadId? Thread, ThreadSetup Setup) : ICommand
    {
        /// <summary>
        /// Whether the turn was begun by an earlier process of this program. Then the thread is only looked for where it is loaded already,
        /// nothing is started for it, and the reply has the <see cref="ThreadOpened.RecentTurns"/>; it is <see cref="Refused"/> as
        /// <see cref="AppServerFaultKind.ServerDown"/> if no server of this profile has it.
        /// </summary>
        public bool Reattach { get; init; }

        /// <summary>
        /// Where the thread's rollout is found, below codex's home; empty if it is not found, null if that is unknown. A server that has
        /// the
        /// thread loaded from somewhere else loads it anew: it would go on in a file that nobody finds (measured on 0.169.0 and 0.171.0).
        /// </summary>
        public string? Rollout { get; init; }

        /// <summary>Whether it was resumed once and had another sandbox than <see cref="Setup"/> says, so that it was unloaded.</summary>
        public bool IsSecondTry { get; init; }
    }

    /// <summary>
    /// Which server is about to load the thread. It comes before the server is asked, because what the server starts for the thread, such
    /// as a required MCP server, has to be known as the server's before it answers; another one follows if another server is asked.
    /// </summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Server">The server.</param>
    public sealed record Opening(TurnId TurnId, ServerMark Server) : IReport;

    /// <summary>
    /// The thread is loaded. It also comes without a request when the connection to the server was lost and there is a new one: what was
    /// told in between is lost, so it has the <see cref="RecentTurns"/> then.
    /// </summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Thread">The thread.</param>
    /// <param name="RolloutPath">Its rollout, of which nothing is on disk before the first turn; null if codex named none.</param>
    /// <param name="Total">The thread's token total so far; null if codex did not tell it. A new thread has zero.</param>
    /// <param name="Running">
    /// The turn that the thread is running; null if none. A turn must not be started then: it would be a steer.
    /// </param>
    public sealed record ThreadOpened(TurnId TurnId, ThreadId Thread, string? RolloutPath, Usage? Total, ActiveTurn? Running) : IReport
    {
        /// <summary>The version of codex, such as <c>0.169.0</c>; null if the server did not tell it.</summary>
        public string? Version { get; init; }

        /// <summary>Which server has it: its process and when that began, in the kernel's ticks.</summary>
        public required ServerMark Server { get; init; }

        /// <summary>
        /// With <see cref="OpenThread.Reattach"/>, and when it comes unasked: the last two turns, newest first, with all their items, as
        /// <c>thread/resume</c> gives them. Otherwise null.
        /// </summary>
        public JsonElement? RecentTurns { get; init; }
    }

    /// <summary>A turn that a thread is running.</summary>
    /// <param name="ServerTurnId">The server's id of it; null if it is not known.</param>
    public sealed record ActiveTurn(string? ServerTurnId);

    /// <summary>Which process a server is.</summary>
    /// <param name="Pid">The process, which is the leader of a session of its own.</param>
    /// <param name="StartTicks">When it began, in clock ticks since the machine started.</param>
    public sealed record ServerMark(int Pid, long StartTicks);

    /// <summary>
    /// Starts a turn in a thread that the sender listens to and that runs none. The reply is <see cref="TurnStarted"/> or
    /// <see cref="Refused"/>.
    /// </summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread.</param>
    /// <param name="Parameters">The parameters of <c>turn/start</c>; <c>threadId</c> is added.</param>
    public sealed record StartTurn(TurnId TurnId, ThreadId Thread, JsonObject Parameters) : ICommand;

    /// <summary>The server has begun the turn.</summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="ServerTurnId">The server's id of it.</param>
    public sealed record TurnStarted(TurnId TurnId, string ServerTurnId) : IReport;

    /// <summary>
    /// Asks anything else about the sender's thread. The reply is <see cref="Answered"/> or <see cref="Refused"/>.
    /// </summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread, which decides which server is asked.</param>
    /// <param name="Method">The method, such as <c>turn/steer</c>.</param>
    /// <param name="Parameters">Its parameters, complete.</param>
    public sealed record Ask(TurnId TurnId, ThreadId Thread, string Method, JsonObject Parameters) : ICommand
    {
        /// <summary>A number that the reply repeats, so that requests of one method can be told apart.</summary>
        public int Number { get; init; }
    }

    /// <summary>The answer to an <see cref="Ask"/>.</summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Method">The method of the request.</param>
    /// <param name="Result">The result.</param>
    public sealed record Answered(TurnId TurnId, string Method, JsonElement Result) : IReport
    {
        /// <summary>The number of the request.</summary>
        public int Number { get; init; }
    }

    /// <summary>A request of a turn was not done.</summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(TurnId TurnId, AppServerFault Fault) : IReport
    {
        /// <summary>The method that was refused, such as <c>turn/steer</c>, so that several requests can be told apart.</summary>
        public string? Method { get; init; }

        /// <summary>The number of the request, if it had one.</summary>
        public int Number { get; init; }
    }

    /// <summary>Answers a question of the server.</summary>
    /// <param name="Thread">The thread of the question.</param>
    /// <param name="RequestId">The id of the question.</param>
    /// <param name="Result">The answer.</param>
    public sealed record Reply(ThreadId Thread, JsonElement RequestId, JsonObject Result) : ICommand;

    /// <summary>Answers a question of the server with an error.</summary>
    /// <param name="Thread">The thread of the question.</param>
    /// <param name="RequestId">The id of the question.</param>
    /// <param name="Message">Why there is no answer.</param>
    public sealed record ReplyError(ThreadId Thread, JsonElement RequestId, string Message) : ICommand;

    /// <summary>The sender no longer listens. The thread stays loaded. There is no reply.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread.</param>
    public sealed record CloseThread(TurnId TurnId, ThreadId Thread) : ICommand;

    /// <summary>
    /// Unloads a thread wherever it is loaded, so that its writer lock is free and its MCP servers are gone. The reply is
    /// <see cref="Unloaded"/>; a thread that is not loaded is unloaded already. A turn that runs in it ends, and so do the turns of its
    /// sub-agents and their commands (measured on 0.169.0 and 0.171.0): while a run listens to a running turn, only it unloads the thread.
    /// </summary>
    /// <param name="Thread">The thread.</param>
    public sealed record Unload(ThreadId Thread) : ICommand
    {
        /// <summary>Whether the thread is unloaded even while somebody else listens to a turn that runs in it.</summary>
        public bool EvenWithTurn { get; init; }
    }

    /// <summary>The outcome of an <see cref="Unload"/>.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Problem">Why it could not be unloaded, as a sentence; null if it was.</param>
    public sealed record Unloaded(ThreadId Thread, string? Problem) : IReport;

    /// <summary>Asks for the <see cref="AppServerState"/>. The reply is <see cref="Inspected"/>.</summary>
    public sealed record Inspect : ICommand
    {
        /// <summary>The only instance.</summary>
        public static Inspect Instance { get; } = new();
    }

    /// <summary>The reply to <see cref="Inspect"/>.</summary>
    /// <param name="State">The state.</param>
    public sealed record Inspected(AppServerState State) : IReport;

    /// <summary>
    /// Ends every server, each of them only if it runs no turn, unless that is asked for: turns outlive a daemon, and the next one adopts
    /// their server. Nothing is started any more. The reply is <see cref="Stopped"/>.
    /// </summary>
    /// <param name="EvenWithTurns">Whether running turns are given up.</param>
    public sealed record Stop(bool EvenWithTurns) : ICommand;

    /// <summary>The reply to <see cref="Stop"/>, once every other server is gone.</summary>
    /// <param name="Staying">How many turns run in the servers that stay.</param>
    public sealed record Stopped(int Staying) : IReport;

    /// <summary>The server told something about the thread. What it tells about the account comes to every listener.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Method">What, such as <c>item/completed</c>.</param>
    /// <param name="Parameters">The details.</param>
    public sealed record Said(ThreadId Thread, string Method, JsonElement Parameters) : IReport;

    /// <summary>
    /// The server asks something about the thread and waits for ever. It asks again after a new connection, with the same id.
    /// </summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="RequestId">The id of the question.</param>
    /// <param name="Method">What, such as <c>item/tool/call</c>.</param>
    /// <param name="Parameters">The details.</param>
    public sealed record Asked(ThreadId Thread, JsonElement RequestId, string Method, JsonElement Parameters) : IReport;

    /// <summary>
    /// A sub-agent of the thread asked something and got an error, because nobody listens to the threads of sub-agents.
    /// </summary>
    /// <param name="Thread">The thread of the sender of <see cref="OpenThread"/>.</param>
    /// <param name="Method">What was asked, such as <c>item/commandExecution/requestApproval</c>.</param>
    public sealed record Declined(ThreadId Thread, string Method) : IReport;

    /// <summary>The server that had the sender's thread is gone. Nothing more comes about it, and there is nothing to close.</summary>
    /// <param name="Fault">How it was lost.</param>
    public sealed record ServerLost(AppServerFault Fault) : IReport;
}
