using System.Text.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>A small JSON file about one thread, with its id in <c>thread_id</c>.</summary>
internal static class ThreadFile
{
    /// <summary>What the file says about a thread; the default if it is missing, damaged, too long or about another thread.</summary>
    /// <param name="path">The file; a link is not followed.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="maxBytes">The longest file in bytes.</param>
    /// <param name="read">Reads the rest of the object. It may throw what <see cref="JsonElement"/> throws for another shape.</param>
    public static T? Load<T>(string path, ThreadId thread, int maxBytes, Func<JsonElement, T> read)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
        if (file is null)
        {
            return default;
        }

        var bytes = new byte[maxBytes];
        try
        {
            var length = RandomAccess.Read(file, bytes, 0);
            using var json = JsonDocument.Parse(bytes.AsMemory(0, length));
            var root = json.RootElement;
            return ThreadId.TryParse(root.GetProperty("thread_id").GetString(), out var stored) && stored == thread ? read(root) : default;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return default;
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="write">Writes the other members.</param>
    /// <exception cref="IOException">It could not be written; the message names the file and the reason.</exception>
    public static void Save(string path, ThreadId thread, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("thread_id", thread.ToString());
            write(json);
            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream.GetBuffer().AsSpan(0, (int)stream.Length), durable: false);
    }
}
