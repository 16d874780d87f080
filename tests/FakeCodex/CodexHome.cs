using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

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

    /// <summary>Why a thread cannot be resumed, in the words of codex 0.169.0 and 0.171.0; null when it can.</summary>
    public static string? WhyNot(string thread)
    {
        if (FindRollout(thread) is not { } path)
        {
            return IsArchived(thread)
                ? $"session {thread} is archived. Run `codex unarchive {thread}` to unarchive it first. (code -32600)"
                : NotFound(thread);
        }

        var start = new byte[256];
        using var file = File.OpenRead(path);
        var text = Encoding.UTF8.GetString(start, 0, file.Read(start));
        var fault =
            text.Length == 0 ? "is empty"
            : text[0] == '{' && text.Contains("session_meta", StringComparison.Ordinal) ? null
            : "does not start with session metadata";
        return fault is null
            ? null
            : $"failed to read thread: thread-store internal error: failed to read session metadata {path}: "
                + $"rollout at {path} {fault} (code -32603)";
    }

    public static string NotFound(string thread) => $"no rollout found for thread id {thread} (code -32600)";

    public static void AppendToRollout(string thread, string line, JsonArray? tools = null)
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
                + $"\"cwd\":{JsonText.Quote(Invocation.Directory)},\"cli_version\":\"0.169.0\""
                + (tools is { Count: > 0 } ? $",\"dynamic_tools\":{tools.ToJsonString()}" : "")
                + "}}\n"
                + line;
        }

        File.AppendAllText(path, $"{line}\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>The tools in a thread's rollout; none if it has none.</summary>
    public static JsonArray ToolsOf(string thread) =>
        FindRollout(thread) is { } path
        && File.ReadLines(path).FirstOrDefault() is { } first
        && JsonNode.Parse(first)?["payload"]?["dynamic_tools"] is JsonArray tools
            ? (JsonArray)tools.DeepClone()
            : [];

    /// <summary>Puts a thread into the archive; a thread without a rollout gets one, as with codex.</summary>
    public static void Archive(string thread)
    {
        if (FindRollout(thread) is null)
        {
            AppendToRollout(thread, "{}");
        }

        var from = FindRollout(thread)!;
        var archive = Directory.CreateDirectory(Path.Combine(Folder, "archived_sessions")).FullName;
        File.Move(from, Path.Combine(archive, Path.GetFileName(from)));
    }

    /// <summary>Takes a thread out of the archive.</summary>
    /// <returns>False if it is not there.</returns>
    public static bool Unarchive(string thread)
    {
        if (FindArchived(thread) is not { } from)
        {
            return false;
        }

        var name = Path.GetFileName(from);
        var day = name.Split('-', 'T');
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "sessions", day[1], day[2], day[3])).FullName;
        File.Move(from, Path.Combine(folder, name));
        return true;
    }

    /// <summary>Notes that the user trusts a directory, as the server does for a new thread that may write.</summary>
    public static void Trust(string directory) =>
        File.AppendAllText(Path.Combine(Folder, "config.toml"), $"\n[projects.{JsonText.Quote(directory)}]\ntrust_level = \"trusted\"\n");

    public static bool IsArchived(string thread) => FindArchived(thread) is not null;

    private static string? FindArchived(string thread)
    {
        var archive = Path.Combine(Folder, "archived_sessions");
        return Directory.Exists(archive) ? Directory.EnumerateFiles(archive, $"rollout-*-{thread}.jsonl").FirstOrDefault() : null;
    }
}
