using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Output;

namespace Plexum.Codex.AppServer.Output;

/// <summary>A message or reasoning that the model is writing. Not thread-safe.</summary>
/// <param name="told">What readers have of it already.</param>
/// <param name="isThinking">Whether it is reasoning.</param>
/// <param name="hasGap">Whether a part of it may have passed unheard, so that the rest is told when the whole is there.</param>
internal sealed class OpenText(string told, bool isThinking, bool hasGap)
{
    private readonly StringBuilder _told = new(told);

    /// <summary>Whether it is reasoning.</summary>
    public bool IsThinking { get; } = isThinking;

    /// <summary>Whether a part of it may have passed unheard.</summary>
    public bool HasGap { get; set; } = hasGap;

    /// <summary>Whether readers have any of it.</summary>
    public bool IsTold => _told.Length > 0;

    /// <summary>The part of the reasoning that is being written.</summary>
    public long Part { get; private set; }

    /// <summary>Takes a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="part">Its part, by which codex divides reasoning; exec puts a line break between two.</param>
    /// <returns>What readers do not have yet.</returns>
    public string Add(string piece, long part)
    {
        if (HasGap || piece.Length == 0)
        {
            return "";
        }

        var text = part != Part && IsTold ? "\n" + piece : piece;
        Part = part;
        _told.Append(text);
        return text;
    }

    /// <summary>What readers do not have of the whole text; null if they have something else.</summary>
    public string? RestOf(string whole)
    {
        var known = _told.ToString();
        return whole.StartsWith(known, StringComparison.Ordinal) ? whole[known.Length..]
            : known.AsSpan().TrimEnd().Equals(whole.AsSpan().TrimEnd(), StringComparison.Ordinal) ? ""
            : null;
    }
}

/// <summary>The messages and reasoning that the model has begun and not ended. Not thread-safe.</summary>
/// <param name="logged">What the turn's log has already.</param>
internal sealed class OpenTexts(LoggedTurn logged)
{
    private readonly Dictionary<string, OpenText> _open = new(StringComparer.Ordinal);

    /// <summary>A text is begun.</summary>
    public void Begin(string id, bool isThinking) => _ = TextOf(id, isThinking, isHeard: true);

    /// <inheritdoc cref="OpenText.Add"/>
    public string Add(string id, bool isThinking, string piece, long part) => TextOf(id, isThinking, isHeard: false).Add(piece, part);

    /// <summary>A text is ended.</summary>
    /// <returns>What readers do not have of it; null if they have something else.</returns>
    public string? Close(string id, bool isThinking, string whole)
    {
        var text = TextOf(id, isThinking, isHeard: true);
        _open.Remove(id);
        return text.RestOf(whole);
    }

    /// <summary>The model writes one text at a time, so one that has not ended when another begins is thrown away.</summary>
    /// <param name="except">The text that begins; null for none.</param>
    /// <returns>What readers are told who have the beginning of one.</returns>
    public ImmutableArray<CanonicalEvent.Notice> Discard(string? except)
    {
        var gone = _open.Where(open => open.Key != except).ToArray();
        foreach (var (id, _) in gone)
        {
            _open.Remove(id);
        }

        return [.. gone.Where(open => open.Value.IsTold).Select(open => Discarded(open.Key, open.Value.IsThinking))];
    }

    /// <summary>What readers are told who have the beginning of a text.</summary>
    public static CanonicalEvent.Notice Discarded(string id, bool isThinking) =>
        new(
            NoticeCodes.TextDiscarded,
            $"codex threw away the {(isThinking ? "reasoning" : "message")} {id}, of which readers have the beginning: "
                + "it is not in the thread."
        )
        {
            Item = id,
        };

    /// <summary>Pieces may have passed unheard.</summary>
    public void NoteGap()
    {
        foreach (var text in _open.Values)
        {
            text.HasGap = true;
        }
    }

    /// <summary>
    /// An answer that codex has only in its own record may be the rest of what readers have the beginning of. One that begins otherwise is
    /// a message of its own.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="hasHeard">Whether something of the turn has ended since an earlier process of this program told of it.</param>
    /// <returns>What readers do not have of it, and the message to which it belongs; null for one of its own.</returns>
    public (SettledAnswer Answer, string? Item) Continue(SettledAnswer answer, bool hasHeard)
    {
        var written = _open.FirstOrDefault(open => open.Value is { IsThinking: false, IsTold: true }).Key;
        var item = written ?? (hasHeard ? null : logged.OpenText);
        return
            item is not null && answer.Recovered is { } whole && TextOf(item, isThinking: false, isHeard: false).RestOf(whole) is { } rest
            ? (answer with { Recovered = rest.Length > 0 ? rest : null }, item)
            : (answer, null);
    }

    // Of an item whose start was not heard, or that another process of this program has told in part, pieces may be missing.
    private OpenText TextOf(string id, bool isThinking, bool isHeard)
    {
        if (!_open.TryGetValue(id, out var text))
        {
            var told = logged.TextOf(id);
            text = _open[id] = new OpenText(told ?? "", isThinking, hasGap: !isHeard || told is not null);
        }

        return text;
    }
}
