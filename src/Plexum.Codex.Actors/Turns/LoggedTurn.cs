using Plexum.Codex.Ledger;
using Plexum.Codex.Streams;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Turns;

/// <summary>
/// What the log of a turn says already, read by a process that takes the turn up after another one died. codex's output is read
/// again from its start then, and gives the same events in the same order; those that stand in the log are left out.
/// </summary>
internal sealed class LoggedTurn
{
    private readonly HashSet<string> _notices = [];

    /// <summary>The log of a turn that has none.</summary>
    public static LoggedTurn Nothing { get; } = new();

    public bool HasStart { get; private set; }

    /// <summary>How many events came from codex's output.</summary>
    public long FromOutput { get; private set; }

    /// <summary>How many events are tool calls and results.</summary>
    public long OfTools { get; private set; }

    /// <summary>The last message of codex's that says anything, or null.</summary>
    public string? LastText { get; private set; }

    public CanonicalEvent.Error? Error { get; private set; }

    public CanonicalEvent.MessageEnd? End { get; private set; }

    /// <summary>Whether this program has told this notice.</summary>
    public bool HasNotice(string code) => _notices.Contains(code);

    /// <summary>How the turn ended.</summary>
    /// <param name="at">When.</param>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public TurnOutcome ToOutcome(DateTimeOffset at) =>
        TurnOutcome.Of(End ?? throw new InvalidOperationException("The turn has not ended."), Error, at);

    /// <summary>Reads the whole lines of a log. A missing one says nothing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LoggedTurn Read(string path)
    {
        if (!File.Exists(path))
        {
            return Nothing;
        }

        var logged = new LoggedTurn();
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var framer = new JsonlFramer();
        long position = 0;
        while (true)
        {
            var room = framer.GetMemory();
            var count = RandomAccess.Read(file, room.Span, position);
            if (count == 0)
            {
                return logged;
            }

            position += count;
            framer.Advance(count);
            while (framer.TryRead(out var line))
            {
                if (CanonicalJsonReader.TryRead(line.Bytes.ToArray(), out _, out var value))
                {
                    logged.Count(value);
                }
            }
        }
    }

    /// <summary>Whether an event of codex's output is one that its mapper gives, and not one that this program adds.</summary>
    public static bool IsFromOutput(CanonicalEvent value) => value switch
    {
        CanonicalEvent.TextDelta or CanonicalEvent.ThinkingDelta or CanonicalEvent.Activity => true,
        CanonicalEvent.Notice notice => NoticeCodes.IsFromOutput(notice.Code),
        _ => false,
    };

    private void Count(CanonicalEvent value)
    {
        if (IsFromOutput(value))
        {
            LastText = value is CanonicalEvent.TextDelta { Text: var text } && !string.IsNullOrWhiteSpace(text) ? text : LastText;
            FromOutput++;
            return;
        }

        switch (value)
        {
            case CanonicalEvent.MessageStart:
                HasStart = true;
                break;
            case CanonicalEvent.Notice notice:
                _notices.Add(notice.Code);
                break;
            case CanonicalEvent.ToolCall or CanonicalEvent.ToolResult:
                OfTools++;
                break;
            case CanonicalEvent.Error error:
                Error = error;
                break;
            case CanonicalEvent.MessageEnd end:
                End = end;
                break;
            default:
                break;
        }
    }
}
