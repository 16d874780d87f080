using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;

namespace Plexum.Codex.Host.Live;

/// <summary>The latest state of a turn, from its log. However much is new, only the end of it is read.</summary>
/// <param name="turn">The turn's files.</param>
internal sealed class LiveGlance(TurnDirectory turn)
{
    private const int MaxBytes = 32 * 1024;
    private const int MaxText = 200;

    private readonly TextTail _told = new(MaxText);
    private ulong? _file;
    private long _read;

    /// <summary>The turn's latest action, on one line.</summary>
    public string Last { get; private set; } = "";

    /// <summary>How the turn ended; null while it is running.</summary>
    public CanonicalEvent.MessageEnd? End { get; private set; }

    /// <summary>When the turn began; null if unknown.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>Reads the new end of the log. Ignores a log that cannot be read.</summary>
    public void Look()
    {
        try
        {
            // Exec's prompt is written when the turn starts; the server is sent it.
            Began ??= File.Exists(turn.PromptFile) ? File.GetLastWriteTimeUtc(turn.PromptFile) : AppServerRecord.Load(turn)?.StartedAt;
            using var log = File.OpenHandle(turn.EventsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(log);
            Restart(FileStatus.OfHandle(log)?.Inode, length);
            var from = Math.Max(_read, length - MaxBytes);
            var bytes = new byte[MaxBytes];
            Take(bytes.AsMemory(0, RandomAccess.Read(log, bytes, from)), from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log does not exist yet or was removed; the turn itself reports anything worse.
        }
    }

    // A log that was compacted is another file, which ends as the one before did and tells whole what was in pieces.
    private void Restart(ulong? file, long length)
    {
        if (file != _file || _read > length)
        {
            (_file, _read) = (file, 0);
            _told.Clear();
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes, long from)
    {
        var whole = bytes.Span.LastIndexOf((byte)'\n') + 1;
        _read = from + whole;
        for (var start = 0; start < whole; )
        {
            var length = bytes.Span[start..].IndexOf((byte)'\n');
            if (CanonicalJsonReader.TryRead(bytes.Slice(start, length), out _, out var value))
            {
                Take(value);
            }

            start += length + 1;
        }
    }

    private void Take(CanonicalEvent value)
    {
        End = value as CanonicalEvent.MessageEnd ?? End;
        var told = value switch
        {
            CanonicalEvent.TextDelta text => LastLine(_told.Add(text.Item, text.Text)),
            CanonicalEvent.ThinkingDelta thinking => LastLine(_told.Add(thinking.Item, thinking.Text)),
            CanonicalEvent.Activity activity => ActivityTexts.Describe(activity.Item, isBare: true),
            CanonicalEvent.Notice notice => $"{notice.Code}: {notice.Message}",
            CanonicalEvent.ApprovalRequest request => $"asks {request.Question.Id}: {ApprovalTexts.OneLine(request.Question)}",
            CanonicalEvent.Error error => $"{error.Code}: {error.Message}",
            _ => null,
        };
        Last = told is null ? Last : TextCells.Cut(told, MaxText);
    }

    private static string LastLine(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..].ToString();
    }
}
