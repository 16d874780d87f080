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
    /// <returns>The line without its newline; the beginning of one that is too long; or null at the end of the stream.</returns>
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
                var beginning = first ? BeginningOf(buffer) : null;
                input.AdvanceTo(buffer.End);
                if (first)
                {
                    return beginning;
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
            : bytes.Length > max ? BeginningOf(bytes)
            : new Line(bytes.ToArray());
    }

    private static Line BeginningOf(ReadOnlySequence<byte> bytes) =>
        new(bytes.Slice(0, Math.Min(bytes.Length, Line.KeptBytes)).ToArray()) { IsTooLong = true };
}

/// <summary>A line.</summary>
/// <param name="Bytes">Its bytes without the newline; the first of them if it is too long.</param>
internal sealed record Line(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How many bytes are kept of a line that is too long, to find out what it is about.</summary>
    public const int KeptBytes = 4096;

    /// <summary>Whether it was too long and only its beginning was kept.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>Whether the line has only white space.</summary>
    public bool IsBlank => !Bytes.Span.ContainsAnyExcept(" \t\r"u8);
}
