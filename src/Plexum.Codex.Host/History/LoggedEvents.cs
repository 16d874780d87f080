using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Json;

namespace Plexum.Codex.Host.History;

/// <summary>A turn's log as the server-sent events that a daemon makes of it. Only a little of it is in memory at any time.</summary>
internal static class LoggedEvents
{
    /// <summary>Begins to read the complete events after one.</summary>
    /// <param name="log">The path of the log.</param>
    /// <param name="after">The number of the last event that is known; 0 for none.</param>
    /// <param name="cancellationToken">Stops waiting for the first.</param>
    /// <returns>
    /// The events; null if there are none, or no log. Reading them throws an <see cref="IOException"/> if the log cannot be read.
    /// </returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static async Task<Stream?> OpenAsync(string log, long after, CancellationToken cancellationToken)
    {
        if (!File.Exists(log))
        {
            return null;
        }

        var pipe = new Pipe();
        _ = FileWork.Run(() => CopyAsync(log, after, pipe.Writer));
        var hasEvents = false;
        try
        {
            var first = await pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            hasEvents = !first.Buffer.IsEmpty;
            pipe.Reader.AdvanceTo(first.Buffer.Start);
            return hasEvents ? pipe.Reader.AsStream() : null;
        }
        finally
        {
            if (!hasEvents)
            {
                await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    // Whoever reads learns of the error.
    private static async Task CopyAsync(string log, long after, PipeWriter events)
    {
        Exception? error = null;
        try
        {
            await ReadAsync(log, after, events).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            error = e;
        }

        await events.CompleteAsync(error).ConfigureAwait(false);
    }

    private static async Task ReadAsync(string log, long after, PipeWriter events)
    {
        using var file = File.OpenHandle(log, share: FileShare.ReadWrite | FileShare.Delete);
        using var framer = new JsonlFramer();
        for (long position = 0; ; )
        {
            var count = RandomAccess.Read(file, framer.GetMemory().Span, position);
            if (count == 0)
            {
                return;
            }

            position += count;
            framer.Advance(count);
            if (Write(framer, after, events) && (await events.FlushAsync().ConfigureAwait(false)).IsCompleted)
            {
                // Nobody reads any more.
                return;
            }
        }
    }

    // False if there was no event to write.
    private static bool Write(JsonlFramer framer, long after, PipeWriter events)
    {
        var hasWritten = false;
        while (framer.TryRead(out var line))
        {
            var json = line.Bytes.ToArray();

            // An event of a later version has a number too.
            _ = CanonicalJsonReader.TryRead(json, out var seq, out var value);
            if (seq > after)
            {
                var type = value is CanonicalEvent.MessageEnd ? "message_end" : "event";
                events.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {seq}\nevent: {type}\ndata: ")));
                events.Write(json);
                events.Write("\n\n"u8);
                hasWritten = true;
            }
        }

        return hasWritten;
    }
}
