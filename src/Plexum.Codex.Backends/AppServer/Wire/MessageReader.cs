using System.Net.WebSockets;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// Puts the fragments of messages together, in one buffer. Of a message above the limit it keeps the beginning and skips the rest, so that
/// the connection survives it.
/// </summary>
internal sealed class MessageReader(WebSocket socket, int maxBytes)
{
    private const int UsualBytes = 64 * 1024;
    private const int KeptBytes = 1024 * 1024;

    private readonly byte[] _skipped = new byte[UsualBytes];
    private byte[] _buffer = new byte[Math.Min(UsualBytes, maxBytes)];

    /// <summary>The next message, which is valid until the next call; null if the server has closed the connection.</summary>
    public async ValueTask<ReceivedMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[Math.Min(UsualBytes, maxBytes)];
        }

        var kept = 0;
        for (var length = 0L; ; )
        {
            if (kept == _buffer.Length && kept < maxBytes)
            {
                Array.Resize(ref _buffer, (int)Math.Min(maxBytes, kept * 2L));
            }

            var isKept = kept < _buffer.Length;
            var part = await socket.ReceiveAsync(isKept ? _buffer.AsMemory(kept) : _skipped, cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            kept += isKept ? part.Count : 0;
            length += part.Count;
            if (part.EndOfMessage)
            {
                return new ReceivedMessage(_buffer.AsMemory(0, kept), length);
            }
        }
    }
}

/// <summary>A message as it came.</summary>
/// <param name="Bytes">Its bytes, or the first of them.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct ReceivedMessage(ReadOnlyMemory<byte> Bytes, long Length)
{
    /// <summary>Whether all of it is there.</summary>
    public bool IsWhole => Length == Bytes.Length;
}
