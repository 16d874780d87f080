using System.Text.Json;
using Plexum.Codex.Posix;
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

    /// <summary>The last total of this thread; null if unknown.</summary>
    public Usage? Load(ThreadId thread)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        var bytes = new byte[MaxBytes];
        try
        {
            var length = RandomAccess.Read(file, bytes, 0);
            using var json = JsonDocument.Parse(bytes.AsMemory(0, length));
            var root = json.RootElement;
            return ThreadId.TryParse(root.GetProperty("thread_id").GetString(), out var stored) && stored == thread
                ? new Usage(
                    Read(root, "input_tokens"),
                    Read(root, "output_tokens"),
                    Read(root, "cache_read_tokens"),
                    Read(root, "thinking_tokens")
                )
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // The next total starts a new count; the turn reports that in a notice.
            return null;
        }
    }

    /// <summary>Stores the total of a thread, replacing that of any other thread.</summary>
    /// <exception cref="IOException">It could not be written; the message names the file and the reason.</exception>
    public void Save(ThreadId thread, Usage total)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("thread_id", thread.ToString());
            json.WriteNumber("input_tokens", total.InputTokens);
            json.WriteNumber("output_tokens", total.OutputTokens);
            json.WriteNumber("cache_read_tokens", total.CacheReadTokens);
            json.WriteNumber("thinking_tokens", total.ThinkingTokens);
            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream.GetBuffer().AsSpan(0, (int)stream.Length), durable: false);
    }

    private static long Read(JsonElement root, string name) => root.GetProperty(name).GetInt64();
}
