namespace Plexum.Codex.Chaos;

/// <summary>Reads a turn's events to their end, however often the daemon goes away meanwhile, and finds fault with their numbers.</summary>
/// <param name="daemon">The daemon.</param>
/// <param name="turn">The turn.</param>
/// <param name="onEvent">Called for each event.</param>
public sealed class TurnReader(DaemonProcess daemon, string turn, Action onEvent)
{
    private long _last;

    /// <summary>The texts of the answer.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>What was wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How it ended, or null.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The message of its error, or null.</summary>
    public string? Error { get; private set; }

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
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var answer = await daemon.Api.OpenAsync($"/v1/turns/{turn}/events", _last == 0 ? null : _last, cancellationToken);
        Connections++;
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var value in SseEvent.FollowAsync(stream, cancellationToken))
        {
            Take(value);
        }
    }

    private void Take(SseEvent value)
    {
        onEvent();
        var e = value.Json;
        var seq = (long)e["seq"]!;
        if (seq != _last + 1)
        {
            Faults.Add($"turn {turn}: event {seq} came after {_last}");
        }

        if (StopReason is not null)
        {
            Faults.Add($"turn {turn}: an event came after the end");
        }

        _last = seq;
        switch (value.Type)
        {
            case "text_delta":
                Texts.Add((string)e["text"]!);
                break;
            case "error":
                Error = (string?)e["message"];
                break;
            case "message_end":
                StopReason = (string?)e["stop_reason"];
                Thread = (string?)e["thread_id"];
                break;
        }
    }
}
