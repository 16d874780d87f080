using System.Text.Json;
using Plexum.Codex.Inbox;
using Serilog;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// The side of the inbox. The head of the server's queue stays there until it is popped, and <c>wait_for_message</c> gives it back at
/// once: so while any message is open it is looked behind the head instead, once a second, and other threads go on.
/// </summary>
internal sealed class InboxReader(ChildSlot slot, InboxCursor cursor, TimeProvider time) : IDisposable
{
    /// <summary>The server carries out one call after the other: a pop would wait for the end of this one.</summary>
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_callLimit = TimeSpan.FromSeconds(30);

    // As long as the server's queue gets; with less, what it drops could be something that was never seen.
    private static readonly Dictionary<string, object?> s_all = new() { ["limit"] = 200 };

    private readonly SemaphoreSlim _gate = new(1);
    private bool _complained;

    public async Task<IReadOnlyList<InboundMessage>> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = time.GetTimestamp();
            while (true)
            {
                var left = timeout - time.GetElapsedTime(start);
                var mayBeMore = cursor.IsAnyOpen || await WaitForHeadAsync(left, cancellationToken).ConfigureAwait(false);
                var fresh = mayBeMore ? await PeekAsync(cancellationToken).ConfigureAwait(false) : [];
                if (fresh.Count > 0 || time.GetElapsedTime(start) >= timeout)
                {
                    return fresh;
                }

                if (mayBeMore)
                {
                    await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task PopAsync(string activityId, CancellationToken cancellationToken)
    {
        await PopThereAsync(activityId, cancellationToken).ConfigureAwait(false);
        try
        {
            cursor.Pop(activityId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only begins further back after the next start, and what comes again is known.
            Log.Warning("molecule: the cursor of the inbox cannot be written: {Why:l}", e.Message);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> WaitForHeadAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var slice = left < TimeSpan.Zero ? TimeSpan.Zero : left < s_slice ? left : s_slice;
        using var answer = await AskAsync("wait_for_message", new() { ["timeout_secs"] = slice.TotalSeconds }, cancellationToken).ConfigureAwait(false);
        return !(answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("timeout", out _));
    }

    private async Task<List<InboundMessage>> PeekAsync(CancellationToken cancellationToken)
    {
        using var answer = await AskAsync("inbox_peek", s_all, cancellationToken).ConfigureAwait(false);
        var rows = answer.RootElement.ValueKind == JsonValueKind.Array ? answer.RootElement.EnumerateArray().Select(Read).ToList() : [];
        Complain(rows.Count(row => row is null));
        var messages = rows.OfType<InboundMessage>().ToList();
        foreach (var again in messages.Where(message => cursor.IsPopped(message.ActivityId)))
        {
            // It was fetched once more, by a process that began further back.
            await PopThereAsync(again.ActivityId, cancellationToken).ConfigureAwait(false);
        }

        // From here on nothing is waited for: what is handed out gets to the caller.
        return messages.FindAll(message => cursor.HandOut(message.ActivityId));
    }

    private static InboundMessage? Read(JsonElement row) => (InboxPayload.Read(row.GetRawText()) as InboxPayload.Arrived)?.Message;

    // Without an id it cannot be popped; it stays where it is and is in nobody's way.
    private void Complain(int unreadable)
    {
        if (unreadable > 0 && !_complained)
        {
            Log.Warning("molecule: {Count} rows of the inbox have no activity_id and are passed over", unreadable);
        }

        _complained = unreadable > 0;
    }

    private async Task PopThereAsync(string activityId, CancellationToken cancellationToken) =>
        (await AskAsync("inbox_pop", new() { ["activity_id"] = activityId }, cancellationToken).ConfigureAwait(false)).Dispose();

    private async Task<JsonDocument> AskAsync(string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        // What is given up goes on in the server and would make it useless, so that the call is left to its end.
        ToolText.ExpectJson(tool, await slot.CallAsync(tool, arguments, s_callLimit, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false));
}
