using System.Buffers;
using System.IO.Pipelines;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>
/// Splits a stream at newlines. A line that is too long is reported once and discarded while it is read, so it uses no memory. Text after
/// the last newline is a line too.
/// </summary>
/// <param name="input">The stream.</param>
/// <param name="max">The maximum length of a line, in bytes.</param>
internal sealed class LineReader(PipeReader input, long max)
{
    private long _searched;
    private bool _skipping;

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its newline; <see cref="Line.TooLong"/>; or null at the end of the stream.</returns>
    public async ValueTask<Line?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (buffer.Slice(_searched).PositionOf((byte)'\n') is { } end)
            {
                var line = Take(buffer.Slice(0, end));
                input.AdvanceTo(buffer.GetPosition(1, end));
                if (line is not null)
                {
                    return line;
                }
            }
            else if (_skipping || buffer.Length > max)
            {
                // The rest of the line is discarded.
                var first = !_skipping;
                _skipping = !read.IsCompleted;
                _searched = 0;
                input.AdvanceTo(buffer.End);
                if (first)
                {
                    return Line.TooLong;
                }

                if (read.IsCompleted)
                {
                    return null;
                }
            }
            else if (read.IsCompleted)
            {
                var line = buffer.IsEmpty ? null : Take(buffer);
                input.AdvanceTo(buffer.End);
                return line;
            }
            else
            {
                _searched = buffer.Length;
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    private Line? Take(ReadOnlySequence<byte> bytes)
    {
        var rest = _skipping;
        (_searched, _skipping) = (0, false);
        return rest ? null
            : bytes.Length > max ? Line.TooLong
            : new Line(bytes.ToArray());
    }
}

/// <summary>A line.</summary>
/// <param name="Bytes">Its bytes without the newline.</param>
internal sealed record Line(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Marks a line that is too long.</summary>
    public static Line TooLong { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether the line has only white space.</summary>
    public bool IsBlank => !Bytes.Span.ContainsAnyExcept(" \t\r"u8);
}
