namespace Plexum.Codex.Problems;

/// <summary>A kind of problem that needs a person. <see cref="ProblemKinds"/> lists them all.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Remedy">What to do, as sentences.</param>
public sealed record ProblemKind(string Code, string Remedy);
