using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Files;

/// <summary>The record of an agent's thread: one line with the thread's id, or <c>none</c> once it was given up.</summary>
internal static class ThreadRecord
{
    private const string None = "none";
    private const int MaxBytes = 64;

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence; null if nothing is.</param>
    /// <returns>Null if something is wrong with it.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RecordedThread? Read(string path, out string? problem)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out problem);
        if (file is null)
        {
            return problem is null ? RecordedThread.Unrecorded.Instance : null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        var recorded = Parse(bytes[..RandomAccess.Read(file, bytes, 0)]);
        problem = recorded is null ? "it contains no thread id" : null;
        return recorded;
    }

    /// <summary>Parses a record; null if it is none.</summary>
    public static RecordedThread? Parse(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes).Trim();
        return text == None ? RecordedThread.GivenUp.Instance
            : ThreadId.TryParse(text, out var thread) ? new RecordedThread.Current(thread)
            : null;
    }

    /// <summary>Formats a record.</summary>
    /// <param name="thread">The agent's thread; null for none.</param>
    public static byte[] Format(ThreadId? thread) => Encoding.ASCII.GetBytes($"{thread?.ToString() ?? None}\n");
}
