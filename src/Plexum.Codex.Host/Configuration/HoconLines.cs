using System.Text;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// Finds the lines that keys stand on in a text of HOCON that was parsed without a mistake: the parsed values carry no positions.
/// A key that it misses costs a message its line and nothing else.
/// </summary>
internal sealed class HoconLines
{
    private readonly string _text;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Stack<string> _objects = new();
    private readonly StringBuilder _key = new();
    private string _path = "";
    private bool _inValue;
    private int _arrays;
    private int _line = 1;
    private int _at;

    private HoconLines(string text) => _text = text;

    /// <summary>The path of each key with the line of its last appearance, counted from 1.</summary>
    public static IReadOnlyDictionary<string, int> Of(string text)
    {
        var lines = new HoconLines(text);
        while (lines._at < text.Length)
        {
            lines.Step();
        }

        return lines._lines;
    }

    private void Step()
    {
        var c = _text[_at];
        if (c == '#' || (c == '/' && Next("//")))
        {
            SkipTo(_text.IndexOf('\n', _at));
            return;
        }

        if (c == '"')
        {
            Quoted();
            return;
        }

        _at++;
        _line += c == '\n' ? 1 : 0;
        if (c is '[' or ']')
        {
            _arrays += c == '[' ? 1 : -1;
        }
        else if (_arrays == 0)
        {
            Structure(c);
        }
    }

    private void Structure(char c)
    {
        switch (c)
        {
            case '{':
                NoteKey();
                _objects.Push(_path);
                (_path, _inValue) = (Current(), false);
                _key.Clear();
                break;
            case '}':
                _path = _objects.TryPop(out var outer) ? outer : "";
                EndOfValue();
                break;
            case '=' or ':' when !_inValue:
                NoteKey();
                _inValue = true;
                break;
            case '\n' or ',':
                EndOfValue();
                break;
            default:
                if (!_inValue)
                {
                    _key.Append(c);
                }

                break;
        }
    }

    private void EndOfValue()
    {
        _inValue = false;
        _key.Clear();
    }

    private void NoteKey()
    {
        if (Current() is { Length: > 0 } path && !_inValue)
        {
            _lines[path] = _line;
        }
    }

    private string Current()
    {
        var key = _key.ToString().Trim().TrimEnd('+').TrimEnd();
        return key.Length == 0 ? _path : _path.Length == 0 ? key : $"{_path}.{key}";
    }

    private void Quoted()
    {
        var marks = Next("\"\"\"") ? 3 : 1;
        var start = _at + marks;
        var end = start;
        while (end < _text.Length && !(marks == 3 ? Next("\"\"\"", end) : _text[end] == '"'))
        {
            end += marks == 1 && _text[end] == '\\' ? 2 : 1;
        }

        if (!_inValue && _arrays == 0)
        {
            _key.Append(_text.AsSpan(start, Math.Min(end, _text.Length) - start));
        }

        SkipTo(end + marks);
    }

    private bool Next(string what, int? at = null) => string.CompareOrdinal(_text, at ?? _at, what, 0, what.Length) == 0;

    private void SkipTo(int end)
    {
        end = end < 0 || end > _text.Length ? _text.Length : end;
        _line += _text.AsSpan(_at, end - _at).Count('\n');
        _at = end;
    }
}
