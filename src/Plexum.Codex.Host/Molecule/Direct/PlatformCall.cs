using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>One request to the platform.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query.</param>
/// <param name="Body">Its body.</param>
internal sealed record PlatformCall(HttpMethod Method, string Path, JsonObject? Body = null)
{
    /// <summary>The workspace in whose name it is made, where the platform wants to have it named.</summary>
    public string? AsWorkspace { get; init; }

    /// <summary>Whether another workspace has to do with it: then a failure says nothing about the platform.</summary>
    public bool IsForPeer => AsWorkspace is not null;

    /// <summary>Whether it is a reply: it must not be sent twice unasked, and no more than the beginning of its answer matters.</summary>
    public bool IsOnce { get; init; }

    public static PlatformCall Get(string path) => new(HttpMethod.Get, path);

    public static PlatformCall Post(string path, JsonObject body) => new(HttpMethod.Post, path, body);
}
