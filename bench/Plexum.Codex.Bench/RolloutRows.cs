using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;

namespace Plexum.Codex.Bench;

/// <summary>Tool calls out of a rollout of 1 GB: all of them, and those of its last turn.</summary>
internal static class RolloutRows
{
    private const long Gigabyte = 1_000_000_000;
    private const string Fox = "The quick brown fox jumps over the lazy dog.\\n";

    private static readonly byte[] Turn = Encoding.UTF8.GetBytes(
        string.Concat(Records().Select((record, at) => $"{{\"timestamp\":\"2026-11-20T22:09:51.909Z\",\"ordinal\":{at},{record}}}\n"))
    );

    private static readonly Lazy<string> File = new(WriteFile);

    public static IEnumerable<Row> All =>
        [
            new Row("rollout-all", "1 GB rollout: every tool call, 45 KB a turn with two calls", Turn.Length, () => Read(from: 0)),
            new Row("rollout-last", "1 GB rollout: the calls of its last turn", 0, ReadLastTurns),
        ];

    // As the agent does it: from the length that was noted when the turn began.
    private static long ReadLastTurns()
    {
        const int Times = 100;
        var from = new FileInfo(File.Value).Length - Turn.Length;
        for (var i = 0; i < Times; i++)
        {
            Read(from);
        }

        return Times;
    }

    private static long Read(long from)
    {
        using var file = RegularFile.TryOpenRead(File.Value, followLinks: false, out _)!;
        var length = RandomAccess.GetLength(file);
        var reading = RolloutReading.Of(file, from, length, new RolloutLimits());
        var calls = reading.ReadCalls().Count();
        return calls == 2 * (length - from) / Turn.Length
            ? (length - from) / Turn.Length
            : throw new InvalidOperationException($"{calls} calls were found.");
    }

    private static string WriteFile()
    {
        var directory = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        var path = Path.Combine(directory.FullName, "rollout");
        using var file = System.IO.File.Create(path);
        var turn = Encoding.UTF8.GetString(Turn);
        for (var number = 0; file.Length < Gigabyte; number++)
        {
            file.Write(Encoding.UTF8.GetBytes(turn.Replace("call_000000", $"call_{number:d6}", StringComparison.Ordinal)));
        }

        return path;
    }

    private static IEnumerable<string> Records()
    {
        yield return Event("task_started", "\"turn_id\":\"t\"");
        yield return $"\"type\":\"world_state\",\"payload\":{{\"files\":\"{Text(8192)}\"}}";
        yield return Item("message", $"\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":\"{Text(2048)}\"}}]");
        foreach (var call in new[] { "call_000000_a", "call_000000_b" })
        {
            yield return Item("reasoning", $"\"summary\":[],\"encrypted_content\":\"{new string('A', 4096)}\"");
            yield return Item(
                "function_call",
                $"\"id\":\"fc\",\"name\":\"exec_command\",\"arguments\":\"{{\\\"cmd\\\":\\\"make test\\\"}}\",\"call_id\":\"{call}\""
            );
            yield return Event(
                "item_completed",
                $"\"item\":{{\"type\":\"CommandExecution\",\"id\":\"{call}\","
                    + $"\"status\":\"completed\",\"aggregated_output\":\"{Text(4096)}\"}}"
            );
            yield return Item("function_call_output", $"\"call_id\":\"{call}\",\"output\":\"{Text(4096)}\"");
            yield return Event(
                "token_count",
                "\"info\":{\"total_token_usage\":{\"input_tokens\":100,\"output_tokens\":10}},"
                    + "\"rate_limits\":{\"primary\":null,\"secondary\":null}"
            );
        }

        yield return Event(
            "item_completed",
            $"\"item\":{{\"type\":\"AgentMessage\",\"id\":\"m\",\"content\":[{{\"type\":\"Text\",\"text\":\"{Text(4096)}\"}}]}}"
        );
        yield return Item("message", $"\"role\":\"assistant\",\"content\":[{{\"type\":\"output_text\",\"text\":\"{Text(4096)}\"}}]");
        yield return Event("task_complete", "\"turn_id\":\"t\",\"last_agent_message\":null");
    }

    private static string Item(string type, string rest) => $"\"type\":\"response_item\",\"payload\":{{\"type\":\"{type}\",{rest}}}";

    private static string Event(string type, string rest) => $"\"type\":\"event_msg\",\"payload\":{{\"type\":\"{type}\",{rest}}}";

    private static string Text(int size) => string.Concat(Enumerable.Repeat(Fox, size / Fox.Length));
}
