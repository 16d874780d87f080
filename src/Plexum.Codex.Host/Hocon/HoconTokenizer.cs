using System.Globalization;
using System.Text;

namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// Splits HOCON into tokens. The meaning of a character depends on its position, so there is one method where a key is expected and one
/// where a value is expected.
/// </summary>
internal sealed class HoconTokenizer(HoconSource source)
{
    private const string NotInText = "\"{}[]:=," + HoconSource.OnlyQuoted;
    private const string TripleQuote = "\"\"\"";
    private readonly string _text = source.Text;
    private int _position;

    public int Position => _position;

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private bool AtEnd => _position >= _text.Length;

    /// <summary>Skips blanks, line breaks and comments.</summary>
    public void SkipBlank()
    {
        while (!AtEnd && (char.IsWhiteSpace(Current) || AtComment()))
        {
            if (char.IsWhiteSpace(Current))
            {
                _position++;
            }
            else
            {
                _position = _text.IndexOf('\n', _position) is var lineEnd and >= 0 ? lineEnd : _text.Length;
            }
        }
    }

    /// <summary>Consumes <paramref name="c"/> if it is next.</summary>
    public bool Take(char c)
    {
        if (AtEnd || Current != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>The next token where a key, or what follows one, is expected.</summary>
    public HoconToken NextAtKey()
    {
        SkipBlank();
        var start = _position;
        if (AtEnd)
        {
            return new HoconToken(HoconTokenKind.End, start);
        }

        if (Current == '"')
        {
            return new HoconToken(HoconTokenKind.Key, start, TakeQuoted());
        }

        if (AtInclude())
        {
            return new HoconToken(HoconTokenKind.Include, start);
        }

        var kind = Current switch
        {
            '.' => HoconTokenKind.Dot,
            '=' or ':' => HoconTokenKind.Assign,
            '{' => HoconTokenKind.ObjectStart,
            '}' => HoconTokenKind.ObjectEnd,
            var c when EndsText(c) => HoconTokenKind.Other,
            _ => HoconTokenKind.Key,
        };
        if (kind == HoconTokenKind.Key)
        {
            return new HoconToken(kind, start, TakeUnquotedKey());
        }

        if (kind != HoconTokenKind.Other)
        {
            _position++;
        }

        return new HoconToken(kind, start);
    }

    /// <summary>The next piece of a value; at its end <see cref="HoconTokenKind.Other"/>, with nothing consumed.</summary>
    public HoconToken NextAtValue()
    {
        var start = _position;
        switch (Current)
        {
            case '{':
                _position++;
                return new HoconToken(HoconTokenKind.ObjectStart, start);
            case '[':
                _position++;
                return new HoconToken(HoconTokenKind.ListStart, start);
            case '"':
                return new HoconToken(HoconTokenKind.Text, start, AtTripleQuote() ? TakeTripleQuoted() : TakeQuoted());
            case '$' when Next() == '{':
                return TakeReference();
            case ' ' or '\t':
                return new HoconToken(HoconTokenKind.Blank, start, TakeWhile(c => c is ' ' or '\t'));
        }

        var text = TakeUnquoted();
        if (text.Length == 0)
        {
            return new HoconToken(AtEnd ? HoconTokenKind.End : HoconTokenKind.Other, start);
        }

        return Current is '=' or ':'
            ? throw source.Error(
                _position,
                $"Unquoted text cannot contain '{Current}'; put a URL in double quotes, and an object in braces"
            )
            : new HoconToken(HoconTokenKind.Text, start, text);
    }

    private char Next() => _position + 1 < _text.Length ? _text[_position + 1] : '\0';

    private bool At(string text) => string.CompareOrdinal(_text, _position, text, 0, text.Length) == 0;

    private bool AtTripleQuote() => At(TripleQuote);

    private bool AtInclude()
    {
        if (!At("include"))
        {
            return false;
        }

        var next = _text.AsSpan(_position + "include".Length);
        return next.Length > 0 && char.IsWhiteSpace(next[0]) && next.TrimStart() is ['"', ..];
    }

    private bool AtComment() => Current == '#' || (Current == '/' && Next() == '/');

    /// <summary>Whether unquoted text cannot contain <paramref name="c"/>.</summary>
    private static bool EndsText(char c) => NotInText.Contains(c, StringComparison.Ordinal);

    private string TakeWhile(Func<char, bool> wanted)
    {
        var start = _position;
        while (!AtEnd && wanted(Current))
        {
            _position++;
        }

        return _text[start.._position];
    }

    private string TakeUnquoted() => TakeWhile(c => !char.IsWhiteSpace(c) && !EndsText(c) && !AtComment());

    /// <summary>An unquoted key may contain blanks, but no line breaks.</summary>
    private string TakeUnquotedKey()
    {
        var start = _position;
        var key = TakeWhile(c => c != '.' && !EndsText(c) && !AtComment());
        if (key.EndsWith('+') && Current == '=')
        {
            throw source.Error(_position - 1, "'+=' is not supported; write the whole list");
        }

        key = key.TrimEnd();
        var lineEnd = key.AsSpan().IndexOfAny('\r', '\n');
        return lineEnd < 0
            ? key
            : throw source.Expected(start + lineEnd, $"'=', ':', '.' or '{{' after the key '{key[..lineEnd].TrimEnd()}'");
    }

    private string TakeTripleQuoted()
    {
        var start = _position;
        var end = _text.IndexOf(TripleQuote, start + TripleQuote.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            throw source.Error(start, "The triple-quoted text that starts here is not closed");
        }

        _position = end + TripleQuote.Length;
        return _text[(start + TripleQuote.Length)..end];
    }

    private string TakeQuoted()
    {
        var start = _position++;
        var text = new StringBuilder();
        while (!Take('"'))
        {
            if (AtEnd)
            {
                throw source.Error(start, "The quoted text that starts here is not closed");
            }

            text.Append(Current == '\\' ? TakeEscape() : _text[_position++]);
        }

        return text.ToString();
    }

    private char TakeEscape()
    {
        var start = _position;
        var code = Next();
        _position += 2;
        const string Codes = "\"\\/bfnrt";
        const string Characters = "\"\\/\b\f\n\r\t";
        if (Codes.IndexOf(code, StringComparison.Ordinal) is var known and >= 0)
        {
            return Characters[known];
        }

        if (code != 'u')
        {
            throw source.Error(
                start,
                $"Unknown escape \\{code}; use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hexadecimal digits"
            );
        }

        var digits = _text.AsSpan(_position, Math.Min(4, _text.Length - _position));
        if (digits.Length < 4 || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw source.Error(start, "Expected four hexadecimal digits after \\u");
        }

        _position += 4;
        return (char)value;
    }

    private HoconToken TakeReference()
    {
        var start = _position;
        _position += 2;
        var kind = Take('?') ? HoconTokenKind.OptionalReference : HoconTokenKind.Reference;
        var path = TakeUnquoted();
        if (path.Length == 0)
        {
            throw source.Expected(_position, "a path without quotes or blanks after '${'");
        }

        if (!Take('}'))
        {
            throw source.Expected(_position, $"'}}' after the path '{path}'");
        }

        return new HoconToken(kind, start, path);
    }
}
