using System.Security.Cryptography;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Ledger;

/// <summary>A turn to be inserted into the database.</summary>
internal sealed class AcceptedTurn
{
    private const int HashBytes = 16;

    public AcceptedTurn(TurnId turn, TurnRequest request, string? key, string owner, DateTimeOffset at)
    {
        (TurnId, Agent, Workspace, Model, Key, Owner, At) =
            (turn, request.AgentId, request.Workspace, request.Model, key, owner, at);
        Document = TurnRequestJson.Write(request);
        Hash = HashOf(Document);
    }

    public TurnId TurnId { get; }

    public AgentId Agent { get; }

    public string? Workspace { get; }

    public string? Model { get; }

    public string? Key { get; }

    public string Owner { get; }

    public DateTimeOffset At { get; }

    public byte[] Document { get; }

    /// <summary>Two requests are the same if their documents are: workspace, model, messages, tools and time limit, byte by byte.</summary>
    public byte[] Hash { get; }

    // What is written for a request must not change: a request that is repeated after an update would look like another one.
    public static byte[] HashOf(TurnRequest request) => HashOf(TurnRequestJson.Write(request));

    public bool HasHash(byte[] other) => Hash.AsSpan().SequenceEqual(other);

    private static byte[] HashOf(byte[] document) => SHA256.HashData(document)[..HashBytes];
}
