using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>
/// Writes a turn's events as server-sent events. Events that the client has not read stay in the log: memory holds at most
/// <see cref="MaxUnsent"/> bytes of them, plus the server's buffers for the connection.
/// </summary>
// Not SseFormatter: it cannot write comments, which the heartbeats are, and it buffers each item whole.
internal sealed class EventStreamWriter(HttpResponse response)
{
    /// <summary>How many bytes are written before a flush, which waits for a slow client.</summary>
    public const int MaxUnsent = 16 * 1024;

    private readonly PipeWriter _body = response.BodyWriter;
    private int _unsent;

    /// <summary>
    /// Whether an event named <c>error</c> keeps that name. Browsers give an event of that name to <c>EventSource.onerror</c>, as if the
    /// connection had failed (HTML Standard, 9.2), so it is called <c>turn_error</c> otherwise.
    /// </summary>
    public bool KeepsTypeAsName { get; init; }

    /// <summary>Starts the response.</summary>
    public ValueTask<FlushResult> BeginAsync(CancellationToken cancellationToken)
    {
        // A client may read slowly or pause; that is not an attack here.
        if (response.HttpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        Write("retry: 1000\n\n"u8);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Writes the event at the log reader's position.</summary>
    public async ValueTask WriteAsync(ITurnLogReader log, CancellationToken cancellationToken)
    {
        Head(log.Seq, log.Type);
        while (log.Length > 0)
        {
            if (Copy(log) == 0)
            {
                throw new IOException("The turn's log was truncated while it was being read.");
            }

            await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
        }

        Write("\n\n"u8);
        await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes an event that is not in the log.</summary>
    public void Write(ReadOnlySpan<byte> type, NumberedEvent made) =>
        Write(made.Seq, type, CanonicalJson.ToLine(made.Seq, made.Event, made.At));

    /// <summary>Writes an event whose data is one line of JSON.</summary>
    public void Write(long seq, ReadOnlySpan<byte> type, ReadOnlySpan<byte> json)
    {
        Head(seq, type);
        Write(json);
        Write("\n\n"u8);
    }

    /// <summary>Sends a comment, so that client and server can tell that the other is still there.</summary>
    public ValueTask<FlushResult> BeatAsync(CancellationToken cancellationToken)
    {
        Write(":\n\n"u8);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Flushes what was written, and waits while the client is behind.</summary>
    public async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        _unsent = 0;
        return await _body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushIfFullAsync(CancellationToken cancellationToken)
    {
        if (_unsent >= MaxUnsent)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Head(long seq, ReadOnlySpan<byte> type)
    {
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(seq, number, out var digits);
        Write("id: "u8);
        Write(number[..digits]);
        Write("\nevent: "u8);
        Write(!KeepsTypeAsName && type.SequenceEqual("error"u8) ? "turn_error"u8 : type);
        Write("\ndata: "u8);
    }

    private int Copy(ITurnLogReader log)
    {
        var room = _body.GetSpan((int)Math.Min(log.Length, 4096));
        room = room[..Math.Min(room.Length, MaxUnsent)];
        var count = log.Read(room);

        // JSON may contain a carriage return as whitespace; in the stream it would end the line.
        room[..count].Replace((byte)'\r', (byte)' ');
        _body.Advance(count);
        _unsent += count;
        return count;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        _unsent += bytes.Length;
    }
}
