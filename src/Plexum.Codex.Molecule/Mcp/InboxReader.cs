using System.Text.Json;
using Plexum.Codex.Molecule.Platform;
using Serilog;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// Reads the inbox. The head of the server's queue stays there until it is popped, and <c>wait_for_message</c> returns it at once. So
/// while any message is open, the whole queue is polled once a second instead, and messages of other conversations are found.
/// </summary>
internal sealed class InboxReader(ChildSlot slot, InboxCursor cursor, TimeProvider time) : IDisposable
{
    /// <summary>Short, since the server runs one call at a time and a pop would have to wait for this one.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    // The size limit of the server's queue; with a smaller limit, it could drop messages that were never seen.
    private static readonly Dictionary<string, object?> All = new() { ["limit"] = 200 };

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
                    await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
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
            // Harmless: the next start only begins further back, and repeated messages are recognized.
            Log.Warning("molecule: cannot write the inbox cursor: {Why:l}", e.Message);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> WaitForHeadAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var slice =
            left < TimeSpan.Zero ? TimeSpan.Zero
            : left < Slice ? left
            : Slice;
        using var answer = await AskAsync("wait_for_message", new() { ["timeout_secs"] = slice.TotalSeconds }, cancellationToken)
            .ConfigureAwait(false);
        return !(answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("timeout", out _));
    }

    private async Task<List<InboundMessage>> PeekAsync(CancellationToken cancellationToken)
    {
        using var answer = await AskAsync("inbox_peek", All, cancellationToken).ConfigureAwait(false);
        var rows = answer.RootElement.ValueKind == JsonValueKind.Array ? answer.RootElement.EnumerateArray().Select(Read).ToList() : [];
        Reject(rows.Count(row => row is null));
        var messages = rows.OfType<InboundMessage>().ToList();
        foreach (var again in messages.Where(message => cursor.IsPopped(message.ActivityId)))
        {
            // A restarted process that began further back has fetched it again.
            await PopThereAsync(again.ActivityId, cancellationToken).ConfigureAwait(false);
        }

        // No more awaits from here on: what is marked as handed out must reach the caller.
        return messages.FindAll(message => cursor.HandOut(message.ActivityId));
    }

    private static InboundMessage? Read(JsonElement row) => (InboxPayload.Read(row.GetRawText()) as InboxPayload.Arrived)?.Message;

    // A row without an id cannot be popped. It stays in the queue and does no harm.
    private void Reject(int unreadable)
    {
        if (unreadable > 0 && !_complained)
        {
            Log.Warning("molecule: ignoring {Count} inbox rows without activity_id", unreadable);
        }

        _complained = unreadable > 0;
    }

    private async Task PopThereAsync(string activityId, CancellationToken cancellationToken) =>
        (await AskAsync("inbox_pop", new() { ["activity_id"] = activityId }, cancellationToken).ConfigureAwait(false)).Dispose();

    private async Task<JsonDocument> AskAsync(string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        // Cancelling would make the process unusable, since the call continues in it. So only the wait is cancelled.
        ToolText.ExpectJson(
            tool,
            await slot.CallAsync(tool, arguments, CallLimit, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false)
        );
}
