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
        Hash = SHA256.HashData(Document)[..HashBytes];
    }

    public TurnId TurnId { get; }

    public AgentId Agent { get; }

    public string? Workspace { get; }

    public string? Model { get; }

    public string? Key { get; }

    public string Owner { get; }

    public DateTimeOffset At { get; }

    public byte[] Document { get; }

    public byte[] Hash { get; }

    public bool HasHash(byte[] other) => Hash.AsSpan().SequenceEqual(other);
}
