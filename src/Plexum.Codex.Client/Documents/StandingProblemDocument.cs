using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>A problem of the daemon that needs a person.</summary>
/// <param name="Code">A stable code; docs/operations.md lists them.</param>
/// <param name="Message">What is wrong with what, as a sentence.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Since">Since when it stands.</param>
public sealed record StandingProblemDocument(string Code, string Message, string Remedy, DateTimeOffset Since);

/// <summary>What should page an operator.</summary>
/// <param name="Problems">The problems that stand; none if all is well.</param>
public sealed record StandingProblemsDocument(ImmutableArray<StandingProblemDocument> Problems);
