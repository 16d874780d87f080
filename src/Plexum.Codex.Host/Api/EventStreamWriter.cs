using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Writes a turn's events as server-sent events. What the client does not read stays in the log: no more than
/// <see cref="MostUnsent"/> bytes and what the server holds for a connection wait here.
/// </summary>
// Own code: SseFormatter writes no comment lines, which heartbeats are, and builds each item whole.
internal sealed class EventStreamWriter(HttpResponse response)
{
    /// <summary>How many bytes are written before the client has to take some.</summary>
    public const int MostUnsent = 16 * 1024;

    private readonly PipeWriter _body = response.BodyWriter;
    private int _unsent;

    /// <summary>Begins the response.</summary>
    public ValueTask<FlushResult> BeginAsync(CancellationToken cancellationToken)
    {
        // Who reads slowly, or not at all for a while, is no attacker here.
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

    /// <summary>Writes the event that the cursor stands at.</summary>
    public async ValueTask WriteAsync(ITurnLogReader log, CancellationToken cancellationToken)
    {
        Head(log.Seq, log.Type);
        while (log.Length > 0)
        {
            if (Copy(log) == 0)
            {
                throw new IOException("The turn's log got shorter while it was read.");
            }

            await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
        }

        Write("\n\n"u8);
        await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes an event that stands in no log.</summary>
    public void Write(long seq, ReadOnlySpan<byte> type, CanonicalEvent value)
    {
        Head(seq, type);
        Write(CanonicalJson.ToLine(seq, value));
        Write("\n\n"u8);
    }

    /// <summary>Writes an event of one line of JSON.</summary>
    public void Write(long seq, ReadOnlySpan<byte> type, ReadOnlySpan<byte> json)
    {
        Head(seq, type);
        Write(json);
        Write("\n\n"u8);
    }

    /// <summary>Shows client and server that the other one is still there.</summary>
    public ValueTask<FlushResult> BeatAsync(CancellationToken cancellationToken)
    {
        Write(":\n\n"u8);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Sends what was written, and waits until the client has taken most of it.</summary>
    public async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        _unsent = 0;
        return await _body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushIfFullAsync(CancellationToken cancellationToken)
    {
        if (_unsent >= MostUnsent)
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
        Write(type);
        Write("\ndata: "u8);
    }

    private int Copy(ITurnLogReader log)
    {
        var room = _body.GetSpan((int)Math.Min(log.Length, 4096));
        room = room[..Math.Min(room.Length, MostUnsent)];
        var count = log.Read(room);

        // Between the parts of JSON a carriage return may stand, which would end the line of the stream.
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
