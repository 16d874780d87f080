using System.Text.Json.Nodes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Chaos;

/// <summary>
/// Reads a turn's events to their end, however often the daemon goes away meanwhile, and finds fault with their numbers: each comes once
/// and
/// in order, and only pieces of messages may be missing, which a turn that has ended joins.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="agent">The turn's agent.</param>
/// <param name="turn">The turn.</param>
/// <param name="onEvent">Called for each event.</param>
public sealed class TurnReader(DaemonProcess daemon, string agent, string turn, Action<SseEvent> onEvent)
{
    private readonly List<(string? Item, string Text)> _texts = [];
    private readonly List<long> _missing = [];
    private long _last;

    /// <summary>The texts of the answer: the pieces of each message are joined.</summary>
    public List<string> Texts => [.. _texts.Select(message => message.Text)];

    /// <summary>The events but for the pieces of its answer, in their order.</summary>
    public List<SseEvent> Others { get; } = [];

    /// <summary>What was wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How it ended, or null.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Its error, or null.</summary>
    public JsonObject? Error { get; private set; }

    /// <summary>Its thread.</summary>
    public string? Thread { get; private set; }

    /// <summary>How often the stream was begun.</summary>
    public int Connections { get; private set; }

    /// <summary>Reads to the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (StopReason is null)
        {
            await daemon.UpAsync(cancellationToken);
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The daemon has died; the next one goes on behind the last event.
            }
        }

        foreach (var seq in _missing.Except(Joined()))
        {
            Faults.Add($"turn {turn}: event {seq} did not come");
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var answer = await daemon.Api.OpenAsync($"/v1/turns/{turn}/events", _last == 0 ? null : _last, cancellationToken);
        Connections++;
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var value in SseEvent.FollowAsync(stream, cancellationToken))
        {
            Take(value);
            onEvent(value);
        }
    }

    private void Take(SseEvent value)
    {
        var e = value.Json;
        var seq = (long)e["seq"]!;
        if (seq <= _last)
        {
            Faults.Add($"turn {turn}: event {seq} came after {_last}");
        }

        if (StopReason is not null)
        {
            Faults.Add($"turn {turn}: an event came after the end");
        }

        for (var missing = _last + 1; missing < seq; missing++)
        {
            _missing.Add(missing);
        }

        _last = seq;
        switch (value.Type)
        {
            case "text_delta":
                Take((string?)e["item"], (string)e["text"]!);
                return;
            case "error":
                Error = e;
                break;
            case "message_end":
                StopReason = (string?)e["stop_reason"];
                Thread = (string?)e["thread_id"];
                break;
        }

        Others.Add(value);
    }

    private void Take(string? item, string text)
    {
        var at = item is null ? -1 : _texts.FindIndex(message => message.Item == item);
        if (at < 0)
        {
            _texts.Add((item, text));
        }
        else
        {
            _texts[at] = (item, _texts[at].Text + text);
        }
    }

    // The numbers of the pieces that are joined, each message in the number of its last one.
    private IEnumerable<long> Joined()
    {
        var files = TurnDirectory.Of(new AgentDirectory(daemon.Profile, AgentId.Parse(agent)), TurnId.Parse(turn));
        var pieces = $"{files.EventsFile}.pieces";
        return File.Exists(pieces)
            ? JsonNode
                .Parse(File.ReadAllText(pieces))!
                .AsArray()
                .SelectMany(message => message!.AsArray().SkipLast(1).Select(piece => (long)piece!["Seq"]!))
            : [];
    }
}
