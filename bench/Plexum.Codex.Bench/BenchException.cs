namespace Plexum.Codex.Bench;

/// <summary>What was to be measured did not do what it should.</summary>
internal sealed class BenchException(string message) : Exception(message);
