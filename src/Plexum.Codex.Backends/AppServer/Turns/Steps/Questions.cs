using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>Hands the server's questions to the turn, and the turn's answers to the server. Belongs to an actor.</summary>
/// <param name="turn">The turn.</param>
/// <param name="server">The server's actor.</param>
/// <param name="parent">The turn's actor.</param>
internal sealed class Questions(TurnId turn, IActorRef server, IActorRef parent)
{
    private readonly Dictionary<ApprovalId, (AppServerProtocol.Asked Asked, ApprovalQuestion Question)> _open = [];
    private readonly HostCalls _calls = new(server, parent);
    private readonly Dictionary<string, string> _changes = new(StringComparer.Ordinal);

    /// <summary>Whether the server has asked anything. Another server would begin to number its questions anew.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>The server asks. What is no question for a person gets an error: without an answer the turn would wait for ever.</summary>
    public void Take(AppServerProtocol.Asked asked)
    {
        HasAsked = true;
        if (asked.Method == HostCalls.Method)
        {
            _calls.Take(asked);
            return;
        }

        var id = ServerQuestion.IdOf(turn, asked.RequestId);
        var changes = _changes.GetValueOrDefault(asked.Parameters.TextOf("itemId"));
        if (ServerQuestion.Read(id, asked.Method, asked.Parameters, changes) is { } question)
        {
            _open[id] = (asked, question);
            parent.Tell(new CodexBackendProtocol.Asked(question));
        }
        else
        {
            server.Tell(
                new AppServerProtocol.ReplyError(
                    asked.Thread,
                    asked.RequestId,
                    $"plexum-codex does not answer {asked.Method} in this turn."
                )
            );
        }
    }

    /// <summary>The turn answers.</summary>
    public void Answer(CodexBackendProtocol.IAnswer answer)
    {
        switch (answer)
        {
            case CodexBackendProtocol.Answer { Id: var id, Given: var given } when _open.Remove(id, out var open):
                server.Tell(new AppServerProtocol.Reply(open.Asked.Thread, open.Asked.RequestId, ServerReply.Of(open.Question, given)));
                break;
            case CodexBackendProtocol.ToolAnswer answered:
                _calls.Answer(answered);
                break;
        }
    }

    /// <summary>Notes what questions are about, and which of them need no answer any more.</summary>
    public void Note(AppServerProtocol.Said said)
    {
        switch (said.Method)
        {
            case "item/started" when said.Parameters.ObjectOf("item") is { } item && item.TextOf("type") == "fileChange":
                _changes[item.TextOf("id")] = ServerItem.ToChanges(item);
                break;
            case "item/fileChange/patchUpdated":
                _changes[said.Parameters.TextOf("itemId")] = ServerItem.ToChanges(said.Parameters);
                break;
            case "item/completed" when said.Parameters.ObjectOf("item") is { } item:
                _changes.Remove(item.TextOf("id"));
                _calls.End(item.TextOf("id"));
                break;
            case "serverRequest/resolved" when said.Parameters.TryGetProperty("requestId", out var request):
                Withdraw(ServerQuestion.IdOf(turn, request));
                break;
        }
    }

    private void Withdraw(ApprovalId id)
    {
        if (_open.Remove(id))
        {
            parent.Tell(new CodexBackendProtocol.Withdrawn(id));
        }
    }
}
