using System.Text.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// The last total that codex reported for a thread, from which the next turn's own usage is computed. It is in the agent's
/// directory of the profile, not in the workspace, where a language model could change it.
/// </summary>
/// <param name="path">The file.</param>
public sealed class ThreadUsageFile(string path)
{
    private const int MaxBytes = 4096;

    /// <summary>The last total of this thread; null if unknown. The next total then starts a new count, which a notice tells.</summary>
    public Usage? Load(ThreadId thread) =>
        ThreadFile.Load<Usage?>(path, thread, MaxBytes, root => new Usage(
            Read(root, "input_tokens"),
            Read(root, "output_tokens"),
            Read(root, "cache_read_tokens"),
            Read(root, "thinking_tokens")
        ));

    /// <summary>Stores the total of a thread, replacing that of any other thread.</summary>
    /// <exception cref="IOException">It could not be written; the message names the file and the reason.</exception>
    public void Save(ThreadId thread, Usage total) => ThreadFile.Save(path, thread, json =>
        {
            json.WriteNumber("input_tokens", total.InputTokens);
            json.WriteNumber("output_tokens", total.OutputTokens);
            json.WriteNumber("cache_read_tokens", total.CacheReadTokens);
            json.WriteNumber("thinking_tokens", total.ThinkingTokens);
        });

    private static long Read(JsonElement root, string name) => root.GetProperty(name).GetInt64();
}
