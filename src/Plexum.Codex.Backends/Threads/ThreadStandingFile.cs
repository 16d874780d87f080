using System.Text.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// Keeps an agent's <see cref="ThreadStanding"/> in the agent's directory of the profile. It only explains: which thread the agent
/// continues is in the <see cref="IThreadRegister"/>, so a file that is lost or damaged counts as none.
/// </summary>
/// <param name="path">The file.</param>
public sealed class ThreadStandingFile(string path)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>What is known about a thread; null if that is nothing.</summary>
    public ThreadStanding? Load(ThreadId thread)
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
                ? new ThreadStanding(thread) { Seen = ReadSeen(root), Problem = ReadProblem(root) }
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Stores what is known, replacing what was known about any thread.</summary>
    /// <exception cref="IOException">It could not be written; the message names the file and the reason.</exception>
    public void Save(ThreadStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("thread_id", standing.Thread.ToString());
            if (standing.Seen is { } seen)
            {
                json.WriteString("codex_home", seen.CodexHome);
                json.WriteString("seen_at", seen.At);
                json.WriteString("sessions", seen.Sessions);
                if (seen.Place is { } place)
                {
                    json.WriteString("place", place.Directory);
                    json.WriteString("place_identity", place.Identity);
                    if (place.HadSiblings is { } hadSiblings)
                    {
                        json.WriteBoolean("place_had_siblings", hadSiblings);
                    }
                }
            }

            if (standing.Problem is { } problem)
            {
                json.WriteString("problem", problem.Code);
                json.WriteString("message", problem.Message);
                json.WriteString("problem_at", problem.At);
            }

            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream.GetBuffer().AsSpan(0, (int)stream.Length), durable: false);
    }

    private static ThreadSighting? ReadSeen(JsonElement root) =>
        root.TryGetProperty("codex_home", out var home) && home.GetString() is { Length: > 0 } text
            ? new ThreadSighting(
                text,
                root.GetProperty("seen_at").GetDateTimeOffset(),
                root.GetProperty("sessions").GetString(),
                ReadPlace(root)
            )
            : null;

    private static RolloutPlace? ReadPlace(JsonElement root) =>
        root.TryGetProperty("place", out var place) && place.GetString() is { Length: > 0 } directory
            ? new RolloutPlace(
                directory,
                root.GetProperty("place_identity").GetString() ?? "",
                root.TryGetProperty("place_had_siblings", out var hadSiblings) ? hadSiblings.GetBoolean() : null
            )
            : null;

    private static ThreadProblem? ReadProblem(JsonElement root) =>
        root.TryGetProperty("problem", out var code) && code.GetString() is { Length: > 0 } text
            ? new ThreadProblem(text, root.GetProperty("message").GetString() ?? "", root.GetProperty("problem_at").GetDateTimeOffset())
            : null;
}
