using System.Globalization;
using System.Text;

namespace FakeCodex;

/// <summary>The few things in CODEX_HOME that others look at: writer locks and rollouts.</summary>
internal static class CodexHome
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".codex");

    /// <summary>Takes the lock of a thread; null when another process has it.</summary>
    public static FileStream? TryLock(string thread) => Exclusive.TryOpen(Path.Combine(Folder, "thread-writer-locks", $"{thread}.lock"));

    public static string? FindRollout(string thread)
    {
        var sessions = Path.Combine(Folder, "sessions");
        return Directory.Exists(sessions)
            ? Directory.EnumerateFiles(sessions, $"rollout-*-{thread}.jsonl", SearchOption.AllDirectories).FirstOrDefault()
            : null;
    }

    public static void AppendToRollout(string thread, string line)
    {
        var path = FindRollout(thread);
        if (path is null)
        {
            var now = DateTimeOffset.Now;
            var folder = Path.Combine(Folder, "sessions", now.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture));
            Directory.CreateDirectory(folder);
            path = Path.Combine(folder, $"rollout-{now.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture)}-{thread}.jsonl");
            line =
                $"{{\"timestamp\":\"{now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}\","
                + "\"ordinal\":0,\"type\":\"session_meta\","
                + $"\"payload\":{{\"id\":\"{thread}\","
                + $"\"cwd\":{JsonText.Quote(Environment.CurrentDirectory)},\"cli_version\":\"0.169.0\"}}}}\n"
                + line;
        }

        File.AppendAllText(path, $"{line}\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
