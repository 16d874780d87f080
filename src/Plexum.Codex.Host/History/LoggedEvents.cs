using System.Globalization;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Json;

namespace Plexum.Codex.Host.History;

/// <summary>A turn's log as the server-sent events that a daemon makes of it.</summary>
internal static class LoggedEvents
{
    /// <summary>Reads the complete events after one; empty if there are none, or no log.</summary>
    /// <param name="log">The path of the log.</param>
    /// <param name="after">The number of the last event that is known; 0 for none.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static Task<byte[]> ReadAsync(string log, long after, CancellationToken cancellationToken) =>
        FileWork.Run(() => Read(log, after, cancellationToken));

    private static byte[] Read(string log, long after, CancellationToken cancellationToken)
    {
        if (!File.Exists(log))
        {
            return [];
        }

        var events = new MemoryStream();
        using var file = File.OpenHandle(log, share: FileShare.ReadWrite | FileShare.Delete);
        using var framer = new JsonlFramer();
        for (long position = 0; ; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            var room = framer.GetMemory();
            var count = RandomAccess.Read(file, room.Span, position);
            if (count == 0)
            {
                return events.ToArray();
            }

            position += count;
            framer.Advance(count);
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
                }
            }
        }
    }
}
