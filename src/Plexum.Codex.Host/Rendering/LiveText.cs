using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Writes messages as they come, whole or in pieces, each from the beginning of a line.</summary>
/// <param name="write">Writes a part of one. Nothing of it drives a terminal.</param>
internal sealed class LiveText(Action<string> write)
{
    private readonly VisiblePieces _pieces = new();
    private string? _item;

    /// <summary>Whether the last line is not at its end.</summary>
    public bool IsInLine { get; private set; }

    /// <summary>Writes what comes next.</summary>
    /// <param name="item">Codex's id of the message; null if the text is a whole message.</param>
    /// <param name="text">The text.</param>
    public void Take(string? item, string text)
    {
        if (item is null || item != _item)
        {
            End();
        }

        _item = item;
        Write(_pieces.Next(text));
        if (item is null)
        {
            End();
        }
    }

    /// <summary>Ends the line, since something else is to be written. The message goes on in the next one.</summary>
    public void Break()
    {
        if (IsInLine)
        {
            IsInLine = false;
            write("\n");
        }
    }

    /// <summary>Ends the message.</summary>
    public void End()
    {
        _item = null;
        Write(_pieces.End());
        Break();
    }

    private void Write(string text)
    {
        if (text.Length > 0)
        {
            IsInLine = text[^1] != '\n';
            write(text);
        }
    }
}
