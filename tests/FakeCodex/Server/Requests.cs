using System.Text.Json.Nodes;

namespace FakeCodex.Server;

/// <summary>Answers a client as codex 0.169.0 and 0.171.0 do.</summary>
internal sealed class Requests(Connection client, ServerThreads threads)
{
    private const long Invalid = -32600;
    private const long Internal = -32603;

    private bool _isKnown;

    public void Handle(JsonObject message)
    {
        var id = message["id"];
        if (message["method"]?.GetValue<string>() is not { } method)
        {
            Answered(id, message);
            return;
        }

        if (id is null)
        {
            return;
        }

        var parameters = message["params"] as JsonObject ?? [];
        if (method != "initialize" && !_isKnown)
        {
            client.Fail(id, Invalid, "Not initialized");
            return;
        }

        // A script can leave a method without an answer.
        if (threads.Script.Settings("no-answer").Contains(method))
        {
            CallRecord.AppendUnanswered(threads.Script, method);
            return;
        }

        // Or do it, and say nothing about it.
        var isUnheard = threads.Script.Settings("unheard").Contains(method);
        client.IsSilent |= isUnheard;
        Handle(id, method, parameters);
        if (isUnheard)
        {
            client.IsSilent = false;
            CallRecord.AppendUnanswered(threads.Script, method);
        }
    }

    private void Handle(JsonNode id, string method, JsonObject parameters)
    {
        var thread = Text(parameters, "threadId");
        switch (method)
        {
            case "initialize":
                _isKnown = true;
                var version = threads.Script.Setting("version") ?? "0.169.0";
                client.Answer(
                    id,
                    new JsonObject
                    {
                        ["userAgent"] = $"plexum/{version} (Fake 1.0; x86_64) fake (plexum; 1)",
                        ["codexHome"] = CodexHome.Folder,
                        ["platformOs"] = "linux",
                    }
                );
                break;
            case "thread/loaded/list" when threads.Script.Setting("unlisted") is not null:
                client.Answer(id, new JsonObject { ["data"] = new JsonArray() });
                break;
            case "thread/loaded/list":
                client.Answer(id, new JsonObject { ["data"] = new JsonArray([.. threads.Ids.Select(loaded => (JsonNode)loaded)]) });
                break;
            case "thread/start" or "thread/resume" when threads.IsDraining:
                client.Fail(id, Invalid, "Server is draining; retry after reconnecting");
                break;
            case "thread/start":
                Start(id, parameters);
                break;
            case "thread/resume":
                Resume(id, thread ?? "", parameters);
                break;
            case "thread/read" when threads.Find(thread) is { } known:
                client.Answer(id, new JsonObject { ["thread"] = known.Describe() });
                break;
            case "thread/archive":
                Archive(id, thread ?? "");
                break;
            case "thread/unarchive" when CodexHome.Unarchive(thread ?? ""):
                client.Answer(id, new JsonObject { ["thread"] = new JsonObject { ["id"] = thread } });
                client.Tell("thread/unarchived", new JsonObject { ["threadId"] = thread });
                break;
            case "thread/unarchive":
                client.Fail(id, Invalid, $"no archived rollout found for thread id {thread}");
                break;
            case "thread/delete" when threads.Find(thread) is { } known:
                threads.Unload(known.Id);
                client.Answer(id, new JsonObject());
                client.Tell("thread/deleted", new JsonObject { ["threadId"] = thread });
                break;
            case "turn/start" when threads.Script.Setting("lose-thread") is not null:
                threads.Unload(thread ?? "");
                client.Fail(id, Invalid, $"thread not found: {thread}");
                break;
            case "turn/start" when threads.Find(thread) is { } known:
                StartTurn(id, known, parameters);
                break;
            case "turn/steer" when threads.Find(thread) is { } known:
                Steer(id, known, parameters);
                break;
            case "turn/interrupt" when threads.Find(thread) is { } known:
                Interrupt(id, known);
                break;
            case "thread/backgroundTerminals/clean" when threads.Find(thread) is not null:
                client.Answer(id, new JsonObject());
                break;
            case "thread/backgroundTerminals/list" when threads.Find(thread) is not null:
                client.Answer(id, new JsonObject { ["data"] = new JsonArray() });
                break;
            case "thread/settings/update" when threads.Find(thread) is { } known:
                known.Sandbox = Text(parameters, "permissions")
                    ?? Text(parameters["sandboxPolicy"] as JsonObject ?? [], "type")
                    ?? known.Sandbox;
                client.Answer(id, new JsonObject());
                break;
            case "config/read":
                client.Answer(id, new JsonObject { ["config"] = new JsonObject(), ["origins"] = new JsonObject() });
                break;
            case "server/diagnostics":
                client.Answer(id, new JsonObject { ["process"] = new JsonObject { ["id"] = Environment.ProcessId } });
                break;
            default:
                client.Fail(id, Invalid, thread is null ? $"Invalid request: unknown variant `{method}`" : $"thread not found: {thread}");
                break;
        }
    }

    private void Start(JsonNode id, JsonObject parameters)
    {
        var script = threads.Script;
        if (script.Setting("no-thread") is { } why)
        {
            client.Fail(id, Internal, why);
            return;
        }

        while (script.Setting("late-start") is { } path && !File.Exists(path))
        {
            Pause.Briefly();
        }

        var tools = (parameters["dynamicTools"] as JsonArray)?.DeepClone() as JsonArray ?? [];
        var name = script
            .StepsFor(isFresh: true, "", CallRecord.Next(script))
            .FirstOrDefault(step => step is { Word: "thread", Text.Length: > 0 });
        var thread = threads.Load(name?.Text ?? Guid.CreateVersion7().ToString("D"), Text(parameters, "cwd") ?? "/", isFresh: true, tools)!;
        thread.Sandbox = Text(parameters, "sandbox")
            ?? Text(parameters["config"] as JsonObject ?? [], "default_permissions")
            ?? "read-only";
        if (thread.Sandbox != "read-only")
        {
            CodexHome.Trust(thread.Directory);
        }

        thread.Join(client);
        client.Answer(id, new JsonObject { ["thread"] = thread.Describe(), ["cwd"] = thread.Directory });
        client.Tell("thread/started", new JsonObject { ["thread"] = thread.Describe() });
    }

    private void Resume(JsonNode id, string thread, JsonObject parameters)
    {
        var known = threads.Find(thread);
        if (known is { IsFresh: true, Turn: null } && CodexHome.FindRollout(thread) is null)
        {
            client.Fail(id, Invalid, CodexHome.NotFound(thread));
            return;
        }

        var isNew = known is null;
        var why = isNew ? WhyNot(thread) : null;
        known ??= why is null ? threads.Load(thread, Text(parameters, "cwd") ?? "/", isFresh: false) : null;
        if (known is null)
        {
            CallRecord.Append(threads.Script, "", Text(parameters, "cwd") ?? "/", ["thread/resume", thread]);
            client.Fail(id, Invalid, why ?? $"thread {thread} already has an active writer");
            return;
        }

        if (isNew)
        {
            known.Sandbox = threads.Script.Setting("loads-as")
                ?? Text(parameters, "sandbox")
                ?? Text(parameters["config"] as JsonObject ?? [], "default_permissions")
                ?? "read-only";
        }

        known.Join(client);
        var result = known.DescribeSandbox();
        result["thread"] = known.Describe();
        if (parameters["initialTurnsPage"] is not null)
        {
            result["initialTurnsPage"] = new JsonObject
            {
                ["data"] = new JsonArray([.. known.Turns.AsEnumerable().Reverse().Take(2).Select(turn => turn.DeepClone())]),
            };
        }

        client.Answer(id, result);
        if (isNew && threads.Script.Setting("total") is { } total)
        {
            var numbers = total.Split(' ').Select(long.Parse).ToArray();
            client.Tell(
                "thread/tokenUsage/updated",
                new JsonObject
                {
                    ["threadId"] = thread,
                    ["turnId"] = "earlier",
                    ["tokenUsage"] = TurnPlayer.UsageOf(numbers),
                }
            );
        }

        client.Tell("thread/goal/cleared", new JsonObject { ["threadId"] = thread });
        known.Turn?.AskAgain(client);
    }

    // What a script for exec says about a resumed thread holds here too.
    private string? WhyNot(string thread)
    {
        if (CodexHome.IsArchived(thread))
        {
            return $"session {thread} is archived. Run `codex unarchive {thread}` to unarchive it first.";
        }

        var script = threads.Script;
        foreach (var step in script.StepsFor(isFresh: false, "", CallRecord.Next(script)))
        {
            var why = step.Word switch
            {
                "busy" => $"thread {thread} already has an active writer",
                "unknown-thread" => $"no rollout found for thread id {thread}",
                "refuse" => step.Text,
                "require-rollout" => CodexHome.WhyNot(thread),
                _ => null,
            };
            if (why is not null)
            {
                return why;
            }
        }

        return null;
    }

    private void Archive(JsonNode id, string thread)
    {
        if (threads.Script.Setting("die-archived") is not null)
        {
            threads.Unload(thread);
            CodexHome.Archive(thread);
            Signals.Die(new Step(0, "die", "KILL"));
        }

        if (CodexHome.IsArchived(thread))
        {
            client.Fail(id, Invalid, $"no rollout found for thread id {thread}");
            return;
        }

        if (threads.Find(thread) is null)
        {
            using var held = CodexHome.TryLock(thread);
            if (held is null)
            {
                client.Fail(id, Invalid, $"thread {thread} already has an active writer");
                return;
            }
        }

        // A thread whose rollout was taken away is let go of all the same.
        var isGone = threads.Find(thread) is { HadRollout: true } && CodexHome.FindRollout(thread) is null;
        threads.Unload(thread);
        client.Tell(
            "thread/status/changed",
            new JsonObject
            {
                ["threadId"] = thread,
                ["status"] = new JsonObject { ["type"] = "notLoaded" },
            }
        );
        if (isGone)
        {
            client.Fail(id, Invalid, $"no rollout found for thread id {thread}");
            return;
        }

        CodexHome.Archive(thread);
        client.Answer(id, new JsonObject());
        client.Tell("thread/archived", new JsonObject { ["threadId"] = thread });
    }

    private void StartTurn(JsonNode id, ServerThread thread, JsonObject parameters)
    {
        if (thread.Turn is { } running)
        {
            // It is a steer then.
            running.Steer(TurnPlayer.PromptOf(parameters));
            client.Answer(
                id,
                new JsonObject
                {
                    ["turn"] = new JsonObject { ["id"] = running.Id, ["status"] = "inProgress" },
                }
            );
            return;
        }

        // Now the rollout is there, as with codex.
        if (CodexHome.FindRollout(thread.Id) is null && thread.IsFresh)
        {
            CodexHome.AppendToRollout(thread.Id, """{"ordinal":1,"type":"event_msg","payload":{}}""", thread.Tools);
            thread.HadRollout = true;
        }

        thread.Directory = Text(parameters, "cwd") ?? thread.Directory;
        var turn = new TurnPlayer(threads, thread, client, TurnPlayer.PromptOf(parameters))
        {
            ClientId = Text(parameters, "clientUserMessageId"),
        };
        thread.Turn = turn;
        client.Answer(
            id,
            new JsonObject
            {
                ["turn"] = new JsonObject { ["id"] = turn.Id, ["status"] = "inProgress" },
            }
        );
        turn.Begin();
    }

    private void Steer(JsonNode id, ServerThread thread, JsonObject parameters)
    {
        if (thread.Turn is not { } turn)
        {
            client.Fail(id, Invalid, "no active turn to steer");
        }
        else if (Text(parameters, "expectedTurnId") is { } expected && expected != turn.Id)
        {
            client.Fail(id, Invalid, $"expected active turn id `{expected}` but found `{turn.Id}`");
        }
        else
        {
            turn.Steer(TurnPlayer.PromptOf(parameters));
            client.Answer(id, new JsonObject { ["turnId"] = turn.Id });
        }
    }

    private void Interrupt(JsonNode id, ServerThread thread)
    {
        if (thread.Turn is { } turn)
        {
            turn.Interrupt();
            client.Answer(id, new JsonObject());
        }
        else
        {
            client.Fail(id, Invalid, "no active turn to interrupt");
        }
    }

    private void Answered(JsonNode? id, JsonObject answer)
    {
        foreach (var thread in threads.Ids)
        {
            threads.Find(thread)?.Turn?.Answered(id, answer);
        }
    }

    private static string? Text(JsonObject parameters, string name) =>
        parameters[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
