using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>
/// Cuts HOCON into tokens. What a character means depends on where it stands, so there is one method for the place
/// of a key and one for the place of a value.
/// </summary>
internal sealed class HoconTokenizer(string source)
{
    private const string OnlyQuoted = "$#`^?!@*&\\";
    private const string NotInText = "\"{}[]:=," + OnlyQuoted;
    private const string TripleQuote = "\"\"\"";
    private int _position;

    public int Position => _position;

    private char Current => _position < source.Length ? source[_position] : '\0';

    private bool AtEnd => _position >= source.Length;

    /// <summary>Whether unquoted text cannot contain <paramref name="c"/>.</summary>
    public static bool EndsText(char c) => NotInText.Contains(c, StringComparison.Ordinal);

    /// <summary>Passes over blanks, line breaks and comments; true if there were any.</summary>
    public bool SkipBlank()
    {
        var start = _position;
        while (!AtEnd && (char.IsWhiteSpace(Current) || AtComment()))
        {
            if (char.IsWhiteSpace(Current))
                _position++;
            else
                _position = source.IndexOf('\n', _position) is var lineEnd and >= 0 ? lineEnd : source.Length;
        }

        return _position > start;
    }

    /// <summary>Takes <paramref name="c"/> if it is next.</summary>
    public bool Take(char c)
    {
        if (AtEnd || Current != c)
            return false;
        _position++;
        return true;
    }

    /// <summary>The next token where a key, or what follows a key, is expected.</summary>
    public HoconToken NextAtKey()
    {
        SkipBlank();
        var start = _position;
        if (AtEnd)
            return new HoconToken(HoconTokenKind.End, start);
        if (Current == '"')
            return new HoconToken(HoconTokenKind.Key, start, TakeQuoted());
        if (AtInclude())
            return new HoconToken(HoconTokenKind.Include, start);

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
            return new HoconToken(kind, start, TakeUnquotedKey());
        if (kind != HoconTokenKind.Other)
            _position++;
        return new HoconToken(kind, start);
    }

    /// <summary>The next piece of a value; <see cref="HoconTokenKind.Other"/>, with nothing taken, where the value ends.</summary>
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
            return new HoconToken(AtEnd ? HoconTokenKind.End : HoconTokenKind.Other, start);
        return Current is '=' or ':'
            ? throw new ConfigurationException(Describe(
                _position,
                $"Could not parse an unquoted text value containing assignment character '{Current}'. "
                + "Put an address into double quotes, and an object into curly brackets"))
            : new HoconToken(HoconTokenKind.Text, start, text);
    }

    /// <summary>An error at <paramref name="position"/>.</summary>
    public FormatException Error(int position, string what) => new(Describe(position, what));

    /// <summary>An error that says what was expected at <paramref name="position"/>, and what stands there instead.</summary>
    public FormatException Expected(int position, string what)
    {
        var found = position >= source.Length ? "the end of the text" : source[position] switch
        {
            '\r' or '\n' => "the end of the line",
            var c when OnlyQuoted.Contains(c, StringComparison.Ordinal) => $"'{c}', which stands only in quoted text",
            var c => $"'{c}'",
        };
        return Error(position, $"Expected {what}, but found {found}");
    }

    /// <summary>Line and column, counted from 1.</summary>
    public string Place(int position)
    {
        var before = source.AsSpan(0, Math.Min(position, source.Length));
        return $"line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}";
    }

    private string Describe(int position, string what) => $"{what} ({Place(position)}).";

    private char Next() => _position + 1 < source.Length ? source[_position + 1] : '\0';

    private bool At(string text) => string.CompareOrdinal(source, _position, text, 0, text.Length) == 0;

    private bool AtTripleQuote() => At(TripleQuote);

    private bool AtInclude()
    {
        if (!At("include"))
            return false;
        var next = source.AsSpan(_position + "include".Length);
        return next.Length > 0 && char.IsWhiteSpace(next[0]) && next.TrimStart() is ['"', ..];
    }

    /// <summary>Akka.NET knows no comment whose mark ends the text: it rejects one and keeps the other as text.</summary>
    private bool AtComment()
    {
        var length = Current == '#' ? 1 : Current == '/' && Next() == '/' ? 2 : 0;
        return length > 0 && _position + length == source.Length
            ? throw Error(_position, "A comment mark at the very end of the text needs a line break behind it")
            : length > 0;
    }

    private string TakeWhile(Func<char, bool> wanted)
    {
        var start = _position;
        while (!AtEnd && wanted(Current))
            _position++;
        return source[start.._position];
    }

    private string TakeUnquoted() =>
        TakeWhile(c => !char.IsWhiteSpace(c) && !EndsText(c) && !AtComment());

    /// <summary>An unquoted key may contain blanks, but no line breaks; Akka.NET would make one key of two lines.</summary>
    private string TakeUnquotedKey()
    {
        var start = _position;
        var key = TakeWhile(c => c != '.' && !EndsText(c) && !AtComment());
        if (key.EndsWith('+') && Current == '=')
            throw Error(_position - 1, "'+=' cannot be read; repeat the list and concatenate it, as in a = ${b} [c]");
        key = key.TrimEnd();
        var lineEnd = key.AsSpan().IndexOfAny('\r', '\n');
        return lineEnd < 0
            ? key
            : throw Expected(start + lineEnd, $"'=', ':', '.' or '{{' after the key '{key[..lineEnd].TrimEnd()}'");
    }

    private string TakeTripleQuoted()
    {
        var start = _position;
        var end = source.IndexOf(TripleQuote, start + TripleQuote.Length, StringComparison.Ordinal);
        if (end < 0)
            throw Error(start, "The text in triple quotes that begins here is not closed");
        _position = end + TripleQuote.Length;
        return source[(start + TripleQuote.Length)..end];
    }

    private string TakeQuoted()
    {
        var start = _position++;
        var text = new StringBuilder();
        while (!Take('"'))
        {
            if (AtEnd)
                throw Error(start, "The quoted text that begins here is not closed");
            text.Append(Current == '\\' ? TakeEscape() : source[_position++]);
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
            return Characters[known];
        if (code != 'u')
            throw Error(start, $"Unknown escape code: {code}; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits");

        var digits = source.AsSpan(_position, Math.Min(4, source.Length - _position));
        if (digits.Length < 4 || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Error(start, "Expected four hexadecimal digits after \\u");
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
            throw Expected(_position, "a path without quotes and blanks after '${'");
        if (!Take('}'))
            throw Expected(_position, $"'}}' after the path '{path}'");
        return new HoconToken(kind, start, path);
    }
}
