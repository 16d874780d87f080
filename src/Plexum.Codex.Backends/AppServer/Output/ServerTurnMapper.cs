using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Logs;
using Plexum.Codex.Output;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// Maps what the server says about one turn of one thread to canonical events, which have the same shape as those of <c>codex exec</c>.
/// What the server says of another turn is left out: a command in the background may outlive its own. Not thread-safe.
/// </summary>
/// <param name="resume">The thread that codex is asked to resume; null for a new one.</param>
/// <param name="logged">What the turn's log has already; <see cref="LoggedTurn.Nothing"/> for a new turn.</param>
/// <param name="time">The clock.</param>
internal sealed partial class ServerTurnMapper(ThreadId? resume, LoggedTurn logged, TimeProvider time)
{
    private readonly PendingEvents _pending = new();
    private readonly OpenTexts _texts = new(logged);
    private readonly CommandOutputs _outputs = new(time);
    private readonly AnswerWatch _answer = new();
    private readonly List<string> _completed = [];
    private JsonElement? _steps;
    private RateLimits? _rateLimits;
    private Usage? _total;
    private JsonElement? _error;

    /// <summary>The server's id of the turn; null before it is known.</summary>
    public string? ServerTurnId { get; set; }

    /// <summary>The thread's total before the turn; null if unknown.</summary>
    public Usage? Baseline { get; set; }

    /// <summary>How the server says that the turn ended; null if it has not.</summary>
    public ServerTurnStatus? Status { get; private set; }

    /// <summary>Whether codex has begun the turn, or may have.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether codex may have done something in the turn.</summary>
    public bool HasWorked { get; private set; } = logged.FromOutput > 0;

    /// <summary>Whether the turn has run commands, which may go on after it.</summary>
    public bool HasCommands { get; private set; }

    /// <summary>Whether the turn has used sub-agents, whose own turns may go on after it.</summary>
    public bool HasAgents { get; private set; }

    /// <summary>Whether calls were made and recorded since the last <see cref="TakeCalls"/>.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>The size of what readers were told, in characters.</summary>
    public long Told => _pending.Size;

    /// <summary>Whether events wait that should be written soon.</summary>
    public bool IsUrgent => _pending.IsUrgent;

    /// <summary>Whether events wait.</summary>
    public bool HasEvents => !_pending.IsEmpty || _outputs.HasMore;

    /// <summary>Takes the events that wait, and of the outputs of commands what is due.</summary>
    public ImmutableArray<CanonicalEvent> Drain()
    {
        _outputs.TellTo(_pending);
        return _pending.Drain();
    }

    /// <summary>Adds a notice of this program's.</summary>
    public void Tell(CanonicalEvent.Notice? notice)
    {
        if (notice is not null)
        {
            _pending.Add(notice);
        }
    }

    /// <summary>Nothing more comes of commands that go on.</summary>
    public void Close() => _outputs.Clear();

    /// <summary>The caller is about to read the calls that codex recorded.</summary>
    public void TakeCalls() => HasCalls = false;

    /// <summary>The connection was lost for a while, so pieces of text may be missing.</summary>
    public void NoteGap()
    {
        HasBegun = true;
        _texts.NoteGap();
        _answer.Missed(MessageLoss.Possible);
    }

    /// <summary>
    /// Takes a turn as <c>thread/resume</c> gives it: its finished items, which have the ids of the notifications (measured on 0.169.0 and
    /// 0.171.0), and its end if it has one. Readers get what they do not have of them.
    /// </summary>
    public void Resume(JsonElement turn)
    {
        ServerTurnId = turn.TextOf("id");
        NoteGap();
        var heard = _completed.CountBy(id => id).ToDictionary();
        foreach (var item in turn.ListOf("items").Where(item => item.TextOf("status") != "inProgress"))
        {
            var id = item.TextOf("id");
            heard[id] = heard.GetValueOrDefault(id) - 1;
            if (heard[id] < 0)
            {
                OnCompleted(item);
            }
        }

        OnTurn(turn);
    }

    /// <summary>Ends the turn, once its rollout is read.</summary>
    public BackendEnd Finish(ServerTurnEnd end) =>
        ServerTurnOutcome.Of(
            new ToldTurn(resume, Baseline, _total, Status, _error, _rateLimits, HasWorked),
            end,
            _texts.Continue(_answer.Settle(end.Rollout.Messages), hasHeard: _completed.Count > 0 || HasCommands || HasAgents)
        );

    /// <summary>Maps a notification.</summary>
    /// <param name="method">What it is about.</param>
    /// <param name="parameters">The details.</param>
    public void Map(string method, JsonElement parameters)
    {
        if (IsOfOther(method, parameters))
        {
            return;
        }

        switch (method)
        {
            case "turn/started":
                HasBegun = true;
                ServerTurnId ??= parameters.ObjectOf("turn")?.TextOf("id");
                break;
            case "turn/completed" when parameters.ObjectOf("turn") is { } turn:
                OnTurn(turn);
                break;
            case "item/started" when parameters.ObjectOf("item") is { } item:
                OnStarted(item);
                break;
            case "item/completed" when parameters.ObjectOf("item") is { } item:
                OnCompleted(item);
                break;
            case "item/agentMessage/delta":
                OnText(parameters, isThinking: false, part: 0);
                break;
            case "item/reasoning/summaryTextDelta":
                OnText(parameters, isThinking: true, parameters.CountOf("summaryIndex"));
                break;
            case "item/commandExecution/outputDelta":
                _outputs.Add(parameters.TextOf("itemId"), parameters.TextOf("delta"));
                break;
            case "item/fileChange/patchUpdated":
                var changed = parameters.TextOf("itemId");
                _pending.AddUpdate(changed, ServerItem.ToChanging(changed, parameters));
                break;
            case "turn/plan/updated":
                OnSteps(parameters);
                break;
            case "thread/tokenUsage/updated":
                OnUsage(parameters);
                break;
            case "account/rateLimits/updated":
                OnRateLimits(parameters);
                break;
            default:
                OnWords(method, parameters);
                break;
        }
    }

    // A notification names its turn in one of two places; what names none is about the thread.
    private bool IsOfOther(string method, JsonElement parameters)
    {
        var turn = method is "turn/started" or "turn/completed"
            ? parameters.ObjectOf("turn")?.TextOf("id") ?? ""
            : parameters.TextOf("turnId");
        return turn.Length > 0 && (ServerTurnId is null ? method != "turn/started" : turn != ServerTurnId);
    }

    private void OnStarted(JsonElement item)
    {
        var (id, type) = (item.TextOf("id"), item.TextOf("type"));
        switch (type)
        {
            case "agentMessage" or "reasoning":
                Discard(id);
                _texts.Begin(id, type == "reasoning");
                break;
            case "userMessage" or "hookPrompt":
                // The turn is steered: what the model was writing is not in the thread.
                Discard(id);
                break;
            case "functionCallOutput":
                break;
            default:
                Begin(id, type, item);
                break;
        }
    }

    private void Begin(string id, string type, JsonElement item)
    {
        NoteWork(item);
        if (ServerItem.IsCommand(item))
        {
            _outputs.Begin(id, item);
        }

        if (ServerItem.IsWork(type))
        {
            _answer.Works(id, ActivityPhase.Started);
        }

        Tell(id, ActivityPhase.Started, ServerItem.ToActivity(item));
    }

    private void OnCompleted(JsonElement item)
    {
        var (id, type) = (item.TextOf("id"), item.TextOf("type"));
        _completed.Add(id);
        switch (type)
        {
            case "agentMessage":
                var text = item.TextOf("text");
                Close(id, text, isThinking: false);
                _answer.Told(text);
                break;
            case "reasoning":
                Close(id, string.Join('\n', item.ListOf("summary").Where(IsText).Select(JsonFields.Decode)), isThinking: true);
                break;
            case "userMessage" or "hookPrompt" or "functionCallOutput":
                break;
            default:
                HasCalls = true;
                NoteWork(item);
                _outputs.End(id);
                if (ServerItem.IsWork(type))
                {
                    _answer.Works(id, ActivityPhase.Completed);
                }

                Tell(id, ActivityPhase.Completed, ServerItem.ToActivity(item));
                break;
        }
    }

    private void NoteWork(JsonElement item) =>
        (HasWorked, HasCommands, HasAgents) = (true, HasCommands || ServerItem.IsCommand(item), HasAgents || ServerItem.IsOfAgents(item));

    private void Tell(string id, ActivityPhase phase, byte[] activity)
    {
        if (!logged.HasActivity(id, phase))
        {
            _pending.Add(new CanonicalEvent.Activity(activity, phase));
        }
    }

    private void OnText(JsonElement parameters, bool isThinking, long part)
    {
        HasWorked = true;
        var id = parameters.TextOf("itemId");
        _pending.AddText(id, _texts.Add(id, isThinking, parameters.TextOf("delta"), part), isThinking);
    }

    private void Close(string id, string whole, bool isThinking)
    {
        HasWorked |= whole.Length > 0;
        if (_texts.Close(id, isThinking, whole) is { } rest)
        {
            _pending.AddText(id, rest, isThinking);
        }
        else
        {
            _pending.Add(OpenTexts.Discarded(id, isThinking));
            _pending.Add(isThinking ? new CanonicalEvent.ThinkingDelta(whole) : new CanonicalEvent.TextDelta(whole));
        }
    }

    private void Discard(string? except)
    {
        foreach (var notice in _texts.Discard(except))
        {
            _pending.Add(notice);
        }
    }

    private void OnSteps(JsonElement parameters)
    {
        var phase = _steps is null ? ActivityPhase.Started : ActivityPhase.Updated;
        _steps = parameters.Clone();
        _pending.Add(new CanonicalEvent.Activity(ServerItem.ToSteps(parameters), phase));
    }

    private void OnUsage(JsonElement parameters)
    {
        if (parameters.ObjectOf("tokenUsage")?.ObjectOf("total") is { } total)
        {
            _total = new Usage(
                total.CountOf("inputTokens"),
                total.CountOf("outputTokens"),
                total.CountOf("cachedInputTokens"),
                total.CountOf("reasoningOutputTokens")
            );
        }
    }

    // A response without the headers has nulls here, which do not clear what was known.
    private void OnRateLimits(JsonElement parameters)
    {
        if (parameters.ObjectOf("rateLimits") is { } limits)
        {
            var cursor = new JsonCursor(JsonMarshal.GetRawUtf8Value(limits));
            string? problem = null;
            _rateLimits = RateLimitFields.Read(ref cursor, default, ref problem) ?? _rateLimits;
        }
    }

    private void OnTurn(JsonElement turn)
    {
        Status = turn.TextOf("status") switch
        {
            "completed" => ServerTurnStatus.Completed,
            "failed" => ServerTurnStatus.Failed,
            "interrupted" => ServerTurnStatus.Interrupted,
            _ => null,
        };
        _error = turn.ObjectOf("error")?.Clone() ?? _error;
        if (Status is ServerTurnStatus.Completed or ServerTurnStatus.Failed)
        {
            Discard(null);
        }

        if (Status is not null && _steps is { } steps)
        {
            _pending.Add(new CanonicalEvent.Activity(ServerItem.ToSteps(steps), ActivityPhase.Completed));
            _steps = null;
        }
    }

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;
}
