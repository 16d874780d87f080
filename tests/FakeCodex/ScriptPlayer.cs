using System.Globalization;
using System.Text;

namespace FakeCodex;

/// <summary>Plays the steps of a script.</summary>
internal sealed class ScriptPlayer(FakeScript script, Invocation invocation, int call)
{
    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(10);

    private string _thread = ThreadOf(invocation.ResumeId);
    private FileStream? _writerLock;
    private int _items;

    public int Play()
    {
        var signals = new Signals(step => Play(step, signals: null));
        foreach (var step in script.StepsFor(invocation, call))
        {
            Play(step, signals);
        }

        _writerLock?.Dispose();
        return 0;
    }

    private void Play(Step step, Signals? signals)
    {
        switch (step.Word)
        {
            case "thread":
                _thread = step.Text.Length > 0 ? step.Text : _thread;
                Event($"{{\"type\":\"thread.started\",\"thread_id\":\"{_thread}\"}}");
                break;
            case "turn":
                Event("""{"type":"turn.started"}""");
                break;
            case "part":
                Await(() => File.Exists(Plain(step.Inner().Word)));
                Item("agent_message", $"\"text\":\"{InJson(JsonText.Escape(step.Inner().Text))}\"");
                break;
            case "say":
                Item("agent_message", $"\"text\":\"{InJson(Literal(step))}\"");
                break;
            case "think":
                Item("reasoning", $"\"text\":\"{InJson(Literal(step))}\"");
                break;
            case "warn":
                Item("error", $"\"message\":\"{InJson(Literal(step))}\"");
                break;
            case "obey":
                Item("agent_message", $"\"text\":\"{JsonText.Escape(Shell.Run(invocation.Prompt))}\"");
                break;
            case "command":
                BeginCommand(step);
                Command("completed", step, "\"aggregated_output\":\"done\\n\",\"exit_code\":0,\"status\":\"completed\"");
                break;
            case "begin":
                BeginCommand(step);
                break;
            case "error":
                Event($"{{\"type\":\"error\",\"message\":\"{InJson(Literal(step))}\"}}");
                break;
            case "failed":
                Event($"{{\"type\":\"error\",\"message\":\"{InJson(Literal(step))}\"}}");
                Event($"{{\"type\":\"turn.failed\",\"error\":{{\"message\":\"{InJson(Literal(step))}\"}}}}");
                break;
            case "completed":
                Completed(step);
                break;
            case "emit":
                Event(InJson(step.Text));
                break;
            case "flood":
                Flood(step, Output.Standard, InJson);
                break;
            case "stderr-flood":
                Flood(step, Output.Error, Plain);
                break;
            case "long":
                Long(step.Numbered().Number);
                break;
            case "raw":
                Output.Standard.Write(JsonText.Unescape(step.Text));
                break;
            case "noise":
                Noise(step);
                break;
            case "chunks":
                Output.Standard.ChunkSize = step.Numbered().Number;
                break;
            case "stderr":
                Output.Error.Line(Plain(step.Text));
                break;
            case "close-stdout":
                Output.Standard.Abandon();
                break;
            default:
                PlayOnSurroundings(step, signals);
                break;
        }
    }

    private void PlayOnSurroundings(Step step, Signals? signals)
    {
        switch (step.Word)
        {
            case "touch":
                File.Create(Plain(step.Text)).Dispose();
                break;
            case "write":
                File.AppendAllText(Plain(step.Inner().Word), $"{Plain(step.Inner().Text)}\n");
                break;
            case "wait":
                Await(() => File.Exists(Plain(step.Text)));
                break;
            case "pause":
                Pause.Until(() => false, TimeSpan.FromMilliseconds(step.Numbered().Number));
                break;
            case "hang":
                Await(() => false);
                break;
            case "exit":
                throw new ScriptExit(step.Numbered().Number);
            case "die":
                Signals.Die(step);
                break;
            case "ignore":
                signals?.Ignore(step);
                break;
            case "on":
                signals?.On(step);
                break;
            case "child":
                BackgroundChild.Start(Plain(step.Text), [.. invocation.CommandVariables, new("CODEX_THREAD_ID", _thread)]);
                break;
            case "untold-child":
                BackgroundChild.Start(Plain(step.Text), invocation.CommandVariables);
                break;
            case "helper":
                BackgroundChild.Start(Plain(step.Text), []);
                break;
            case "relay":
                Relays.Listen(Plain(step.Text), invocation);
                break;
            case "lock":
                _writerLock = CodexHome.TryLock(_thread) ?? throw Busy();
                break;
            case "busy":
                throw Busy();
            case "rollout":
                CodexHome.AppendToRollout(_thread, InJson(step.Text));
                break;
            case "require-rollout" when invocation.ResumeId is null || CodexHome.WhyNot(_thread) is null:
                break;
            case "require-rollout":
                throw Refuse(CodexHome.WhyNot(_thread)!);
            case "unknown-thread":
                throw Refuse(CodexHome.NotFound(invocation.ResumeId ?? _thread));
            case "refuse":
                throw Refuse(Plain(step.Text));
            case "version" or "login" or "sandbox" or "total" or "no-answer" or "no-thread" or "die-archived" or "server-exit":
                break;
            default:
                throw step.Mistake($"there is no step '{step.Word}'");
        }
    }

    // What is a UUID is resumed, with dashes or without; anything else is a new thread, as with codex.
    private static string ThreadOf(string? resumeId) =>
        resumeId is { Length: 32 or 36 } && Guid.TryParse(resumeId, out var id) && !char.IsWhiteSpace(resumeId[^1])
            ? id.ToString("D")
            : Guid.CreateVersion7().ToString("D");

    private static void Event(string line) => Output.Standard.Line(line);

    private static void Await(Func<bool> condition)
    {
        if (!Pause.Until(condition, Forever))
        {
            throw new ScriptExit(99);
        }
    }

    private void Item(string type, string members) => Item("completed", ++_items, type, members);

    private static void Item(string phase, int number, string type, string members) =>
        Event($"{{\"type\":\"item.{phase}\",\"item\":{{\"id\":\"item_{number}\",\"type\":\"{type}\",{members}}}}}");

    private void BeginCommand(Step step)
    {
        _items++;
        Command("started", step, "\"aggregated_output\":\"\",\"exit_code\":null,\"status\":\"in_progress\"");
    }

    private void Command(string phase, Step step, string members) =>
        Item(phase, _items, "command_execution", $"\"command\":\"/bin/bash -lc '{InJson(Literal(step))}'\",{members}");

    private static void Completed(Step step)
    {
        var numbers = step.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (
            numbers.Length is < 2 or > 4
            || numbers.Any(number => !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        )
        {
            throw step.Mistake("'completed' takes two to four numbers");
        }

        Event(
            $"{{\"type\":\"turn.completed\",\"usage\":{{\"input_tokens\":{numbers[0]},"
                + $"\"cached_input_tokens\":{numbers.ElementAtOrDefault(2) ?? "0"},"
                + $"\"cache_write_input_tokens\":0,\"output_tokens\":{numbers[1]},"
                + $"\"reasoning_output_tokens\":{numbers.ElementAtOrDefault(3) ?? "0"}}}}}"
        );
    }

    private static void Flood(Step step, Output to, Func<string, string> fill)
    {
        var (count, text) = step.Numbered();
        var line = fill(text);
        var block = new StringBuilder();
        for (var n = 1; n <= count; n++)
        {
            block.Append(line.Replace("${n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Append('\n');
            if (block.Length > 60_000 || n == count)
            {
                to.Write(Encoding.UTF8.GetBytes(block.ToString()));
                block.Clear();
            }
        }
    }

    private void Long(int length)
    {
        var before = $"{{\"type\":\"item.completed\",\"item\":{{\"id\":\"item_{++_items}\",\"type\":\"agent_message\",\"text\":\"";
        const string After = "\"}}";
        Event(before + new string('x', Math.Max(0, length - before.Length - After.Length)) + After);
    }

    private static void Noise(Step step)
    {
        var (length, rest) = step.Numbered();
        var bytes = new byte[length];
        new Random(int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 1).NextBytes(bytes);
        Output.Standard.Write(bytes);
    }

    private ScriptExit Busy() =>
        ScriptExit.After(
            1,
            $"ERROR codex_core::session: Failed to create session: thread-store conflict: thread {_thread} already has an active writer",
            $"Error: thread/resume: thread/resume failed: thread {_thread} already has an active writer (code -32600)"
        );

    private static ScriptExit Refuse(string why) => ScriptExit.After(1, $"Error: thread/resume: thread/resume failed: {why}");

    // The text of a step that is not JSON itself, so it is escaped before the placeholders are filled.
    private static string Literal(Step step) => JsonText.Escape(step.Text);

    private string InJson(string text) => Fill(text, JsonText.Escape);

    private string Plain(string text) => Fill(text, value => value);

    private string Fill(string text, Func<string, string> escape) =>
        !text.Contains("${", StringComparison.Ordinal)
            ? text
            : text.Replace("${thread}", _thread, StringComparison.Ordinal)
                .Replace("${cwd}", escape(Invocation.Directory), StringComparison.Ordinal)
                .Replace("${home}", escape(CodexHome.Folder), StringComparison.Ordinal)
                .Replace("${call}", call.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("${pid}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("${prompt}", escape(invocation.Prompt), StringComparison.Ordinal);
}
