namespace Plexum.Codex.Turns;

/// <summary>
/// Token counts. Codex prints the total of the thread since its start, across every <c>resume</c> (measured on 0.169.0);
/// a turn's own usage is the difference of two totals.
/// </summary>
/// <param name="InputTokens">Tokens sent, including cached ones.</param>
/// <param name="OutputTokens">Tokens received, including thinking ones.</param>
/// <param name="CacheReadTokens">Codex's <c>cached_input_tokens</c>.</param>
/// <param name="ThinkingTokens">Codex's <c>reasoning_output_tokens</c>.</param>
public readonly record struct Usage(long InputTokens, long OutputTokens, long CacheReadTokens, long ThinkingTokens)
{
    /// <summary>No tokens.</summary>
    public static Usage Zero => default;

    /// <summary>
    /// The usage since <paramref name="earlier"/>. If the total is smaller than the earlier one, the count started anew, so all of
    /// it is new.
    /// </summary>
    public Usage Since(Usage earlier) =>
        Includes(earlier)
            ? new Usage(
                InputTokens - earlier.InputTokens,
                OutputTokens - earlier.OutputTokens,
                CacheReadTokens - earlier.CacheReadTokens,
                ThinkingTokens - earlier.ThinkingTokens
            )
            : this;

    /// <summary>Whether a total can be a later one of the same count: none of its numbers is smaller.</summary>
    public bool Includes(Usage earlier) =>
        InputTokens >= earlier.InputTokens
        && OutputTokens >= earlier.OutputTokens
        && CacheReadTokens >= earlier.CacheReadTokens
        && ThinkingTokens >= earlier.ThinkingTokens;
}
