using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What was last seen in a turn's log. Only the end of what is new is looked at, however much there is.</summary>
/// <param name="turn">The turn's files.</param>
internal sealed class LiveGlance(TurnDirectory turn)
{
    private const int MostBytes = 32 * 1024;
    private const int LongestText = 200;

    private long _read;

    /// <summary>What the turn did last, on one line.</summary>
    public string Last { get; private set; } = "";

    /// <summary>How it ended; null while it has not.</summary>
    public CanonicalEvent.MessageEnd? End { get; private set; }

    /// <summary>When it began; null while that is not known.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>Looks at what is new. A log that cannot be read has nothing new.</summary>
    public void Look()
    {
        try
        {
            // The prompt is written when the turn's time has come.
            Began ??= File.Exists(turn.PromptFile) ? File.GetLastWriteTimeUtc(turn.PromptFile) : null;
            using var log = File.OpenHandle(turn.EventsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var from = Math.Max(_read, RandomAccess.GetLength(log) - MostBytes);
            var bytes = new byte[MostBytes];
            Take(bytes.AsMemory(0, RandomAccess.Read(log, bytes, from)), from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not there yet or any more; the turn itself will tell of anything worse.
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes, long from)
    {
        var whole = bytes.Span.LastIndexOf((byte)'\n') + 1;
        _read = from + whole;
        for (var start = 0; start < whole;)
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
            CanonicalEvent.TextDelta text => LastLine(text.Text),
            CanonicalEvent.ThinkingDelta thinking => LastLine(thinking.Text),
            CanonicalEvent.Activity activity => TurnPrinter.Describe(activity.Item),
            CanonicalEvent.Notice notice => $"{notice.Code}: {notice.Message}",
            CanonicalEvent.Error error => $"{error.Code}: {error.Message}",
            _ => null,
        };
        Last = told is null ? Last : Consoles.OneLine(told, LongestText);
    }

    private static string LastLine(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..].ToString();
    }
}
