namespace Plexum.Codex.Turns;

/// <summary>
/// Tokens. What codex prints is the total of the thread since its start, across every <c>resume</c> (measured on 0.169.0);
/// a turn's own usage is the difference of two totals.
/// </summary>
/// <param name="InputTokens">Tokens sent, the cached ones among them.</param>
/// <param name="OutputTokens">Tokens received, the thinking ones among them.</param>
/// <param name="CacheReadTokens">codex's <c>cached_input_tokens</c>.</param>
/// <param name="ThinkingTokens">codex's <c>reasoning_output_tokens</c>.</param>
public readonly record struct Usage(long InputTokens, long OutputTokens, long CacheReadTokens, long ThinkingTokens)
{
    /// <summary>No tokens at all.</summary>
    public static Usage Zero => default;

    /// <summary>
    /// What was used since <paramref name="earlier"/>. A total that is smaller than the earlier one was started anew, so all of
    /// it is new.
    /// </summary>
    public Usage Since(Usage earlier) =>
        InputTokens < earlier.InputTokens || OutputTokens < earlier.OutputTokens
        || CacheReadTokens < earlier.CacheReadTokens || ThinkingTokens < earlier.ThinkingTokens
            ? this
            : new Usage(
                InputTokens - earlier.InputTokens,
                OutputTokens - earlier.OutputTokens,
                CacheReadTokens - earlier.CacheReadTokens,
                ThinkingTokens - earlier.ThinkingTokens);
}
