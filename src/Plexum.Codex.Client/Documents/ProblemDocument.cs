using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>A problem document (RFC 9457), extended by a code for programs.</summary>
/// <param name="Type">The problem's URN, which ends with the code.</param>
/// <param name="Title">The kind of problem.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A code for programs.</param>
/// <param name="Detail">What happened, to what, and what to do.</param>
/// <param name="Errors">The errors in the body; null if the problem is not about the body.</param>
/// <param name="LogId">The id to search the daemon's log for; null if nothing was logged.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Code,
    string Detail,
    ImmutableArray<ProblemErrorDocument>? Errors = null,
    string? LogId = null
)
{
    /// <summary>The media type of a problem document.</summary>
    public const string ContentType = "application/problem+json";
}

/// <summary>An error in a request body.</summary>
/// <param name="Path">Where it is, as JSONPath.</param>
/// <param name="Detail">What is wrong.</param>
public sealed record ProblemErrorDocument(string Path, string Detail);
