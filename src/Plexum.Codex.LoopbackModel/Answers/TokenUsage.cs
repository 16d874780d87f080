namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>The tokens that one answer reports as used. codex adds them up over a thread.</summary>
/// <param name="Input">Tokens of the request, those from the cache included.</param>
/// <param name="Output">Tokens of the answer, those of reasoning included.</param>
/// <param name="CachedInput">How many of the input tokens came from the cache.</param>
/// <param name="Reasoning">How many of the output tokens were reasoning.</param>
public readonly record struct TokenUsage(long Input, long Output, long CachedInput = 0, long Reasoning = 0);
