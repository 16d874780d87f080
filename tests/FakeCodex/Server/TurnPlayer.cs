using System.Globalization;
using System.Text.Json.Nodes;

namespace FakeCodex.Server;

/// <summary>Plays a script's steps as a turn of the server, on a thread of its own.</summary>
internal sealed class TurnPlayer(ServerThreads threads, ServerThread thread, Connection client, string prompt)
{
    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(10);
    private static readonly string[] New = ["new"];

    private readonly Lock _gate = new();
    private readonly List<string> _steers = [];
    private readonly JsonArray _items = [];
    private (int Id, JsonObject Question, JsonNode? Answer)? _question;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isInterrupted;
    private int _call = 1;
    private int _number;
    private string _answer = "";
    private string? _status;

    public string Id { get; } = Guid.CreateVersion7().ToString("D");

    /// <summary>What the client calls the prompt; null if it gave it no name.</summary>
    public string? ClientId { get; init; }

    /// <summary>The text of a turn's input.</summary>
    public static string PromptOf(JsonObject parameters) =>
        string.Join(
            '\n',
            (parameters["input"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(part => part["text"]?.GetValue<string>())
                .Where(text => text is not null)
        );

    /// <summary>A thread's total: input, output, cached, reasoning.</summary>
    public static JsonObject UsageOf(long[] numbers)
    {
        var total = new JsonObject
        {
            ["inputTokens"] = numbers[0],
            ["outputTokens"] = numbers[1],
            ["cachedInputTokens"] = numbers.ElementAtOrDefault(2),
            ["reasoningOutputTokens"] = numbers.ElementAtOrDefault(3),
            ["cacheWriteInputTokens"] = 0,
            ["totalTokens"] = numbers[0] + numbers[1],
        };
        return new JsonObject
        {
            ["total"] = total,
            ["last"] = total.DeepClone(),
            ["modelContextWindow"] = 272000,
        };
    }

    public void Begin()
    {
        threads.Begun();
        thread.Turns.Add(Describe("inProgress"));
        new Thread(Play) { IsBackground = true, Name = "turn" }.Start();
    }

    public void Interrupt() => _isInterrupted = true;

    /// <summary>Interrupts it, and returns when it can do nothing any more.</summary>
    public void End()
    {
        Interrupt();
        _ended.Task.Wait();
    }

    public void Steer(string text)
    {
        lock (_gate)
        {
            _steers.Add(text);
        }
    }

    /// <summary>Takes an answer, if it is for this turn's question.</summary>
    public void Answered(JsonNode? id, JsonObject message)
    {
        lock (_gate)
        {
            if (_question is { } question && id is JsonValue value && value.TryGetValue<int>(out var number) && number == question.Id)
            {
                _question = question with { Answer = (message["result"] ?? message["error"] ?? new JsonObject()).DeepClone() };
            }
        }
    }

    /// <summary>Asks a client what has not been answered.</summary>
    public void AskAgain(Connection other)
    {
        lock (_gate)
        {
            if (_question is { Answer: null } question)
            {
                other.Send((JsonObject)question.Question.DeepClone());
            }
        }
    }

    private void Play()
    {
        var exit = 0;
        try
        {
            Tell("thread/status/changed", new JsonObject { ["status"] = new JsonObject { ["type"] = "active" } });
            var script = threads.Script;
            _call = CallRecord.Append(script, prompt, thread.Directory, ["turn/start", thread.Id, .. thread.IsFresh ? New : []]);
            foreach (var step in script.StepsFor(thread.IsFresh, prompt, _call))
            {
                Play(step);
                ThrowIfInterrupted();
            }
        }
        catch (OperationCanceledException)
        {
            Complete("interrupted", null);
        }
        catch (ScriptExit end)
        {
            exit = end.Code;
        }

        if (exit != 0)
        {
            Environment.Exit(exit);
        }

        if (_status is null)
        {
            Complete("failed", "The script ended before its turn.");
        }

        _ended.SetResult();
        threads.Over();
    }

    private void Play(Step step)
    {
        switch (step.Word)
        {
            case "turn":
                Tell("turn/started", new JsonObject { ["turn"] = Describe("inProgress") });
                var input = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = prompt });
                Item("userMessage", NextId("user"), new JsonObject { ["clientId"] = ClientId, ["content"] = input });
                break;
            case "say":
                Say(Fill(step.Text), pieces: 1);
                break;
            case "stream":
                Say(Fill(step.Numbered().Text), step.Numbered().Number);
                break;
            case "part":
                Say(Fill(step.Inner().Text), pieces: 2, pause: () => Await(() => File.Exists(PathOf(step.Inner().Word))));
                break;
            case "delta":
                Tell(
                    "item/agentMessage/delta",
                    new JsonObject
                    {
                        ["turnId"] = Id,
                        ["itemId"] = "open",
                        ["delta"] = Fill(step.Text),
                    }
                );
                break;
            case "think":
                Item("reasoning", NextId("think"), new JsonObject { ["summary"] = new JsonArray(Fill(step.Text)) });
                break;
            case "obey":
                Say(Shell.Run(prompt), pieces: 1);
                break;
            case "command" or "begin":
                Command(step);
                break;
            case "warn":
                Tell("warning", new JsonObject { ["message"] = Fill(step.Text) });
                break;
            case "error":
                Error(Fill(step.Text), willRetry: true);
                break;
            case "failed":
                Error(Fill(step.Text), willRetry: false);
                Complete("failed", Fill(step.Text));
                break;
            case "completed":
                thread.Total = UsageOf([.. step.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
                Tell("thread/tokenUsage/updated", new JsonObject { ["turnId"] = Id, ["tokenUsage"] = thread.Total.DeepClone() });
                Complete("completed", null);
                break;
            case "approve":
                Approve(Fill(step.Text), thread.Id);
                break;
            case "sub-approve":
                var agent = threads.Load(Guid.CreateVersion7().ToString("D"), thread.Directory, isFresh: false)!;
                agent.Parent = thread.Id;
                Approve(Fill(step.Text), agent.Id);
                threads.Unload(agent.Id);
                break;
            case "tool":
                CallTool(step);
                break;
            default:
                PlayOnWire(step);
                break;
        }
    }

    private void PlayOnWire(Step step)
    {
        switch (step.Word)
        {
            case "emit":
                thread.ForClients(to => to.Send(Fill(step.Text)));
                break;
            case "flood":
                var (count, text) = step.Numbered();
                for (var n = 1; n <= count; n++)
                {
                    var line = Fill(text).Replace("${n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
                    thread.ForClients(to => to.Send(line));
                }

                break;
            case "long":
                Item("agentMessage", NextId("msg"), new JsonObject { ["text"] = new string('x', step.Numbered().Number) });
                break;
            case "raw":
                thread.ForClients(to => to.Send(System.Text.Encoding.Latin1.GetString(JsonText.Unescape(step.Text))));
                break;
            case "silent":
                client.IsSilent = true;
                break;
            case "disconnect":
                thread.ForClients(to => to.Abort());
                break;
            case "wait-steer":
                Await(() => SteersTaken() > 0);
                break;
            default:
                PlayOnSurroundings(step);
                break;
        }
    }

    private void PlayOnSurroundings(Step step)
    {
        switch (step.Word)
        {
            case "touch":
                File.Create(PathOf(step.Text)).Dispose();
                break;
            case "write":
                File.AppendAllText(PathOf(step.Inner().Word), $"{Fill(step.Inner().Text)}\n");
                break;
            case "wait":
                Await(() => File.Exists(PathOf(step.Text)));
                break;
            case "pause":
                Pause.Until(() => _isInterrupted, TimeSpan.FromMilliseconds(step.Numbered().Number));
                break;
            case "hang":
                Await(() => false);
                break;
            case "exit":
                throw new ScriptExit(step.Numbered().Number);
            case "die":
                Signals.Die(step);
                break;
            case "child":
                BackgroundChild.Start(PathOf(step.Text), [new("CODEX_THREAD_ID", thread.Id)]);
                break;
            case "helper":
                BackgroundChild.Start(PathOf(step.Text), []);
                break;
            case "rollout":
                CodexHome.AppendToRollout(thread.Id, Fill(step.Text), thread.Tools);
                break;
            case "stderr":
                Output.Error.Line(Fill(step.Text));
                break;
            default:
                // What concerns exec alone, or is a setting.
                break;
        }
    }

    private void Say(string text, int pieces, Action? pause = null)
    {
        var id = NextId("msg");
        Tell("item/started", new JsonObject { ["turnId"] = Id, ["item"] = ItemOf("agentMessage", id, new JsonObject { ["text"] = "" }) });
        var size = Math.Max(1, (text.Length + pieces - 1) / pieces);
        for (var at = 0; at < text.Length; at += size)
        {
            var piece = text.Substring(at, Math.Min(size, text.Length - at));
            Tell(
                "item/agentMessage/delta",
                new JsonObject
                {
                    ["turnId"] = Id,
                    ["itemId"] = id,
                    ["delta"] = piece,
                }
            );
            ThrowIfInterrupted();
            pause?.Invoke();
        }

        End("agentMessage", id, new JsonObject { ["text"] = text });
    }

    private void Command(Step step)
    {
        var id = NextId("call");
        var command = $"/bin/bash -lc '{Fill(step.Text)}'";
        var begun = new JsonObject
        {
            ["command"] = command,
            ["cwd"] = thread.Directory,
            ["status"] = "inProgress",
        };
        Tell("item/started", new JsonObject { ["turnId"] = Id, ["item"] = ItemOf("commandExecution", id, begun) });
        if (step.Word == "begin")
        {
            return;
        }

        Tell(
            "item/commandExecution/outputDelta",
            new JsonObject
            {
                ["turnId"] = Id,
                ["itemId"] = id,
                ["delta"] = "done\n",
            }
        );
        var ended = new JsonObject
        {
            ["command"] = command,
            ["cwd"] = thread.Directory,
            ["status"] = "completed",
            ["aggregatedOutput"] = "done\n",
            ["exitCode"] = 0,
            ["durationMs"] = 1,
        };
        End("commandExecution", id, ended);
    }

    private void Error(string message, bool willRetry) =>
        Tell(
            "error",
            new JsonObject
            {
                ["turnId"] = Id,
                ["willRetry"] = willRetry,
                ["error"] = new JsonObject { ["message"] = message, ["codexErrorInfo"] = "other" },
            }
        );

    private void Approve(string command, string asker)
    {
        var answer = Ask(
            "item/commandExecution/requestApproval",
            new JsonObject
            {
                ["threadId"] = asker,
                ["itemId"] = NextId("call"),
                ["command"] = command,
                ["cwd"] = thread.Directory,
                ["availableDecisions"] = new JsonArray("accept", "acceptForSession", "decline", "cancel"),
            }
        );
        _answer = answer["decision"]?.ToString() ?? answer.ToJsonString();
        if (_answer == "cancel")
        {
            throw new OperationCanceledException();
        }
    }

    private void CallTool(Step step)
    {
        var name = step.Inner().Word;
        var arguments = JsonNode.Parse(step.Inner().Text.Length == 0 ? "{}" : step.Inner().Text);
        var spaces = thread.Tools.OfType<JsonObject>().Where(space => space["tools"] is JsonArray);
        if (spaces.FirstOrDefault(space => space["tools"]!.AsArray().Any(tool => tool?["name"]?.ToString() == name)) is not { } offered)
        {
            _answer = $"unsupported call: {name}";
            return;
        }

        var call = NextId("call");
        var item = new JsonObject
        {
            ["namespace"] = offered["name"]!.DeepClone(),
            ["tool"] = name,
            ["arguments"] = arguments,
            ["status"] = "inProgress",
            ["contentItems"] = null,
        };
        Tell("item/started", new JsonObject { ["turnId"] = Id, ["item"] = ItemOf("dynamicToolCall", call, (JsonObject)item.DeepClone()) });
        var parameters = new JsonObject
        {
            ["callId"] = call,
            ["namespace"] = offered["name"]!.DeepClone(),
            ["tool"] = name,
            ["arguments"] = arguments?.DeepClone(),
        };
        var answer = Ask("item/tool/call", parameters);
        var content = answer["contentItems"] as JsonArray ?? [];
        _answer = string.Join('\n', content.Select(part => part?["text"]?.ToString()));
        (item["contentItems"], item["success"]) = (content.DeepClone(), answer["success"]?.DeepClone());
        item["status"] = item["success"]?.GetValue<bool>() == true ? "completed" : "failed";
        End("dynamicToolCall", call, item);
    }

    // Like codex, it waits for ever; an interrupt ends it.
    private JsonObject Ask(string method, JsonObject parameters)
    {
        parameters["threadId"] ??= thread.Id;
        parameters["turnId"] = Id;
        var id = threads.NextQuestion();
        var question = new JsonObject
        {
            ["method"] = method,
            ["id"] = id,
            ["params"] = parameters,
        };
        lock (_gate)
        {
            _question = (id, question, null);
        }

        thread.ForClients(to => to.Send((JsonObject)question.DeepClone()));
        try
        {
            Await(() => AnswerTaken() is not null);
            return AnswerTaken() as JsonObject ?? [];
        }
        finally
        {
            lock (_gate)
            {
                _question = null;
            }

            Tell("serverRequest/resolved", new JsonObject { ["requestId"] = id });
        }
    }

    private JsonNode? AnswerTaken()
    {
        lock (_gate)
        {
            return _question?.Answer;
        }
    }

    private int SteersTaken()
    {
        lock (_gate)
        {
            return _steers.Count;
        }
    }

    private void Item(string type, string id, JsonObject members)
    {
        Tell("item/started", new JsonObject { ["turnId"] = Id, ["item"] = ItemOf(type, id, (JsonObject)members.DeepClone()) });
        End(type, id, members);
    }

    private void End(string type, string id, JsonObject members)
    {
        var item = ItemOf(type, id, members);
        lock (_gate)
        {
            _items.Add(item.DeepClone());
            thread.Turns[^1] = Describe("inProgress");
        }

        Tell("item/completed", new JsonObject { ["turnId"] = Id, ["item"] = item });
    }

    private void Complete(string status, string? error)
    {
        _status = status;
        CallRecord.AppendEnd(threads.Script, _call);
        thread.Turns[^1] = Describe(status);
        thread.Turn = null;
        thread.IsFresh = false;
        var turn = Describe(status);
        turn["items"] = LastMessage();
        turn["error"] = error is null ? null : new JsonObject { ["message"] = error, ["codexErrorInfo"] = "other" };
        Tell("thread/status/changed", new JsonObject { ["status"] = new JsonObject { ["type"] = error is null ? "idle" : "systemError" } });
        Tell("turn/completed", new JsonObject { ["turn"] = turn });
    }

    // The end of a turn repeats its last message and nothing else.
    private JsonArray LastMessage()
    {
        lock (_gate)
        {
            return _items.LastOrDefault(item => item?["type"]?.ToString() == "agentMessage") is { } last
                ? new JsonArray(last.DeepClone())
                : [];
        }
    }

    private JsonObject Describe(string status)
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["id"] = Id,
                ["status"] = status,
                ["items"] = _items.DeepClone(),
                ["error"] = null,
            };
        }
    }

    private static JsonObject ItemOf(string type, string id, JsonObject members)
    {
        (members["type"], members["id"]) = (type, id);
        return members;
    }

    private void Tell(string method, JsonObject parameters) => thread.Tell(method, parameters);

    private string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{++_number}");

    private string PathOf(string path) => Path.Combine(thread.Directory, Fill(path));

    private void Await(Func<bool> condition)
    {
        if (!Pause.Until(() => _isInterrupted || condition(), Forever))
        {
            throw new ScriptExit(99);
        }

        ThrowIfInterrupted();
    }

    private void ThrowIfInterrupted()
    {
        if (_isInterrupted && _status is null)
        {
            throw new OperationCanceledException();
        }
    }

    private string Fill(string text)
    {
        lock (_gate)
        {
            return text.Replace("${thread}", thread.Id, StringComparison.Ordinal)
                .Replace("${cwd}", thread.Directory, StringComparison.Ordinal)
                .Replace("${sandbox}", thread.Sandbox, StringComparison.Ordinal)
                .Replace("${home}", CodexHome.Folder, StringComparison.Ordinal)
                .Replace("${call}", _call.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("${pid}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("${steer}", string.Join(' ', _steers), StringComparison.Ordinal)
                .Replace("${answer}", _answer, StringComparison.Ordinal)
                .Replace("${prompt}", prompt, StringComparison.Ordinal);
        }
    }
}
