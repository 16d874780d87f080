using System.Text;

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
        return whole.StartsWith(known, StringComparison.Ordinal) ? whole[known.Length..] : null;
    }
}
