using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>A request to the platform.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query.</param>
/// <param name="Body">The body, or null.</param>
internal sealed record PlatformCall(HttpMethod Method, string Path, JsonObject? Body = null)
{
    /// <summary>The workspace on whose behalf the request is made, if the platform requires it.</summary>
    public string? AsWorkspace { get; init; }

    /// <summary>Whether a peer is involved, so that a failure says nothing about the platform.</summary>
    public bool IsForPeer => AsWorkspace is not null;

    /// <summary>Whether it is a reply: it must not be resent automatically, and only the beginning of its answer matters.</summary>
    public bool IsOnce { get; init; }

    public static PlatformCall Get(string path) => new(HttpMethod.Get, path);

    public static PlatformCall Post(string path, JsonObject body) => new(HttpMethod.Post, path, body);
}
