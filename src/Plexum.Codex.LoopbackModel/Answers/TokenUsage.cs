namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>The token usage that one answer reports. codex adds it up over a thread.</summary>
/// <param name="Input">Tokens of the request, including cached ones.</param>
/// <param name="Output">Tokens of the answer, including reasoning.</param>
/// <param name="CachedInput">How many of the input tokens came from the cache.</param>
/// <param name="Reasoning">How many of the output tokens were reasoning.</param>
public readonly record struct TokenUsage(long Input, long Output, long CachedInput = 0, long Reasoning = 0);
