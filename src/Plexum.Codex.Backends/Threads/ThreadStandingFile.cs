using System.Text.Json;
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
    public ThreadStanding? Load(ThreadId thread) =>
        ThreadFile.Load(path, thread, MaxBytes, root => new ThreadStanding(thread) { Seen = ReadSeen(root), Problem = ReadProblem(root) });

    /// <summary>Stores what is known, replacing what was known about any thread.</summary>
    /// <exception cref="IOException">It could not be written; the message names the file and the reason.</exception>
    public void Save(ThreadStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ThreadFile.Save(path, standing.Thread, json =>
        {
            WriteSeen(json, standing.Seen);
            WriteProblem(json, standing.Problem);
        });
    }

    private static void WriteSeen(Utf8JsonWriter json, ThreadSighting? seen)
    {
        if (seen is null)
        {
            return;
        }

        json.WriteString("codex_home", seen.CodexHome);
        json.WriteString("seen_at", seen.At);
        WritePlace(json, "place", seen.Place);
        WritePlace(json, "own_place", seen.Own);
    }

    private static void WritePlace(Utf8JsonWriter json, string name, RolloutPlace? place)
    {
        if (place is not null)
        {
            json.WriteString(name, place.Directory);
            json.WriteString($"{name}_identity", place.Identity);
        }
    }

    private static void WriteProblem(Utf8JsonWriter json, ThreadProblem? problem)
    {
        if (problem is null)
        {
            return;
        }

        json.WriteString("problem", problem.Code);
        json.WriteString("message", problem.Message);
        json.WriteString("problem_at", problem.At);
    }

    private static ThreadSighting? ReadSeen(JsonElement root) =>
        root.TryGetProperty("codex_home", out var home) && home.GetString() is { Length: > 0 } text
            ? new ThreadSighting(
                text,
                root.GetProperty("seen_at").GetDateTimeOffset(),
                ReadPlace(root, "place"),
                ReadPlace(root, "own_place")
            )
            : null;

    private static RolloutPlace? ReadPlace(JsonElement root, string name) =>
        root.TryGetProperty(name, out var place) && place.GetString() is { Length: > 0 } directory
            ? new RolloutPlace(directory, root.GetProperty($"{name}_identity").GetString() ?? "")
            : null;

    private static ThreadProblem? ReadProblem(JsonElement root) =>
        root.TryGetProperty("problem", out var code) && code.GetString() is { Length: > 0 } text
            ? new ThreadProblem(text, root.GetProperty("message").GetString() ?? "", root.GetProperty("problem_at").GetDateTimeOffset())
            : null;
}
