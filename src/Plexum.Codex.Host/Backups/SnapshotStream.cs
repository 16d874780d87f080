using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Host.Backups;

/// <summary>A file as long as it was when it was opened. What is appended later is not seen, so a size that was told stays right.</summary>
/// <param name="file">The file, which the stream closes.</param>
/// <param name="pads">Whether zeros stand for what cannot be read any more.</param>
internal sealed class SnapshotStream(SafeFileHandle file, bool pads = false) : Stream
{
    private readonly long _length = RandomAccess.GetLength(file);

    /// <summary>Whether zeros stand for a part of it.</summary>
    public bool IsPadded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get; set; }

    /// <exception cref="IOException">The file has become shorter, or cannot be read, and is not padded.</exception>
    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, _length - Position);
        if (wanted <= 0)
        {
            return 0;
        }

        var read = IsPadded ? 0 : ReadFile(buffer[..wanted]);
        if (read == 0)
        {
            IsPadded = pads ? true : throw new IOException("it became shorter while it was read");
            buffer[..wanted].Clear();
            read = wanted;
        }

        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => _length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadFile(Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(file, buffer, Position);
        }
        catch (IOException) when (pads)
        {
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
