using System.Collections.Immutable;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>A problem document of RFC 9457, with a word for programs beside its type.</summary>
/// <param name="Type">The problem's URN, which ends with the code.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Status">The status of the response.</param>
/// <param name="Code">A word for programs.</param>
/// <param name="Detail">What happened, to what, and what to do.</param>
/// <param name="Errors">What is wrong with the body; null where it is not about that.</param>
/// <param name="LogId">What to look for in the daemon's log; null where nothing is there.</param>
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Code, string Detail, ImmutableArray<ProblemErrorDocument>? Errors = null, string? LogId = null)
{
    /// <summary>The media type of a problem document.</summary>
    public const string ContentType = "application/problem+json";
}

/// <summary>One thing that is wrong with a body.</summary>
/// <param name="Path">Where, as JSONPath.</param>
/// <param name="Detail">What.</param>
public sealed record ProblemErrorDocument(string Path, string Detail);
