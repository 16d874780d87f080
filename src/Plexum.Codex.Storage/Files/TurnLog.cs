using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Files;

/// <summary>
/// The canonical events of one turn on disk, one per line, numbered from 1. One process writes; readers follow the file with
/// <see cref="TurnLogReader"/> and never block it. Events may be appended from any thread: the turn's stream and its actor
/// both do.
/// </summary>
public sealed class TurnLog : ITurnLogWriter
{
    private const int DefaultBufferBytes = 64 * 1024;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider? _time;
    private readonly Utf8JsonWriter _json;
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _buffer = new(DefaultBufferBytes);
    private long _length;

    private TurnLog(string path, SafeFileHandle file, long lastSeq, long length, TimeProvider? time)
    {
        _path = path;
        _file = file;
        _time = time;
        _length = length;
        LastSeq = lastSeq;
        _json = new Utf8JsonWriter(_buffer, CanonicalJson.WriterOptions);
    }

    /// <summary>The number of the last event; 0 if there is none.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Opens the log of a turn, creating it if missing. Removes a last line that a crash cut short.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="time">The clock for the events' times; null leaves them out.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static TurnLog Open(string path, TimeProvider? time = null)
    {
        var file = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        try
        {
            var length = RandomAccess.GetLength(file);
            var (lastSeq, whole, _) = TurnLogTail.Find(file, length);
            if (whole < length)
            {
                RandomAccess.SetLength(file, whole);
            }

            return new TurnLog(path, file, lastSeq, whole, time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends events with the next numbers, in one write. Readers see them at once.</summary>
    /// <returns>The number of the last of them.</returns>
    /// <exception cref="IOException">
    /// Not all of the events were written. <see cref="LastSeq"/> counts those that were; the log can still be appended to.
    /// </exception>
    public long Append(ImmutableArray<CanonicalEvent> events)
    {
        lock (_gate)
        {
            return events.IsDefaultOrEmpty ? LastSeq : Write(events);
        }
    }

    /// <summary>Waits until everything is on disk.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_file);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private long Write(ImmutableArray<CanonicalEvent> events)
    {
        var seq = LastSeq;
        Span<byte> time = stackalloc byte[CanonicalJson.TimeBytes];
        var at = _time is null ? default : CanonicalJson.FormatTime(_time.GetUtcNow(), time);
        foreach (var value in events)
        {
            CanonicalJson.Write(_json, ++seq, value, at);
            _json.Flush();
            _json.Reset();
            _buffer.Write("\n"u8);
        }

        var written = _buffer.WrittenCount;
        try
        {
            RandomAccess.Write(_file, _buffer.WrittenSpan, _length);
        }
        catch (IOException e)
        {
            KeepWholeLines();
            throw new IOException($"The turn's log {_path} cannot be written: {e.Message.TrimEnd('.')}. Free some space on its disk.", e);
        }
        finally
        {
            if (_buffer.Capacity > 16 * DefaultBufferBytes)
            {
                _buffer = new ArrayBufferWriter<byte>(DefaultBufferBytes);
                _json.Reset(_buffer);
            }
            else
            {
                _buffer.ResetWrittenCount();
            }
        }

        _length += written;
        LastSeq = seq;
        return seq;
    }

    // A disk that becomes full takes the first part of a write. Readers may have seen its whole lines, so these stay. The rest must go: it
    // would stand behind what is written next.
    private void KeepWholeLines()
    {
        try
        {
            var there = (int)Math.Clamp(RandomAccess.GetLength(_file) - _length, 0, _buffer.WrittenCount);
            var whole = _buffer.WrittenSpan[..there].LastIndexOf((byte)'\n') + 1;
            LastSeq += _buffer.WrittenSpan[..whole].Count((byte)'\n');
            _length += whole;
            if (there > whole)
            {
                RandomAccess.SetLength(_file, _length);
            }
        }
        catch (IOException)
        {
            // The caller gets the failure of the write. The next one to open the log removes a torn line.
        }
    }
}
