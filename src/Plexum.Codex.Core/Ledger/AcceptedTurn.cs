using System.Security.Cryptography;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>A turn as a ledger records it when it is accepted.</summary>
public sealed class AcceptedTurn
{
    private const int HashBytes = 16;

    /// <summary>Writes the request down.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">Its idempotency key, or null.</param>
    /// <param name="owner">The node that accepted it.</param>
    /// <param name="at">When it was accepted.</param>
    public AcceptedTurn(TurnId turn, TurnRequest request, string? key, string owner, DateTimeOffset at)
    {
        (TurnId, Agent, Workspace, Model, Key, Owner, At) = (turn, request.AgentId, request.Workspace, request.Model, key, owner, at);
        Prompt = Requests.Prompt.FirstLine(request.Messages);
        Document = TurnRequestJson.Write(request);
        Hash = HashOf(request);
    }

    /// <summary>The turn.</summary>
    public TurnId TurnId { get; }

    /// <summary>Its agent.</summary>
    public AgentId Agent { get; }

    /// <summary>The workspace as requested; null if none was named.</summary>
    public string? Workspace { get; }

    /// <summary>The model as requested; null if none was named.</summary>
    public string? Model { get; }

    /// <summary>The first line of the prompt, cut if it is long; null if there is none.</summary>
    public string? Prompt { get; }

    /// <summary>The idempotency key, or null.</summary>
    public string? Key { get; }

    /// <summary>The node that accepted it.</summary>
    public string Owner { get; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The request as JSON.</summary>
    public byte[] Document { get; }

    /// <summary>
    /// Two requests are the same if their documents are, byte by byte: workspace, model, messages with their images, tools, time limit,
    /// sandbox, whether a new thread begins, and the options of how codex works. The order of the members in a tool's schema does not
    /// count, nor how the workspace's path is written: <c>/w/</c> is <c>/w</c>.
    /// </summary>
    public byte[] Hash { get; }

    /// <summary>The hash of a request.</summary>
    /// <remarks>What is written for a request must never change, or one that is repeated after an update would differ.</remarks>
    public static byte[] HashOf(TurnRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var normal = request with { Workspace = WorkspaceOf(request.Workspace) };
        return HashOf(
            TurnRequestJson.Write(
                request.Tools.IsDefaultOrEmpty ? normal : normal with { Tools = [.. request.Tools.Select(tool => tool.Sorted())] }
            )
        );
    }

    /// <summary>A workspace as it is compared: without a slash at its end and the like. What is no absolute path stays as it is.</summary>
    public static string? WorkspaceOf(string? path) =>
        path is null || path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path)
            ? path
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>Whether a recorded hash is that of this request. An earlier version recorded it as it was given.</summary>
    public static bool IsHashOf(TurnRequest request, byte[] recorded)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HashOf(request).AsSpan().SequenceEqual(recorded) || HashOf(TurnRequestJson.Write(request)).AsSpan().SequenceEqual(recorded);
    }

    /// <summary>Whether another request was the same.</summary>
    public bool HasHash(byte[] other) => Hash.AsSpan().SequenceEqual(other) || HashOf(Document).AsSpan().SequenceEqual(other);

    private static byte[] HashOf(byte[] document) => SHA256.HashData(document)[..HashBytes];
}
