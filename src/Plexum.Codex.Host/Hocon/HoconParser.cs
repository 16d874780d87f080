namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON as Akka.NET 1.5 does, and stops with an error where Akka.NET would read on with a part of the text lost.
/// </summary>
internal sealed class HoconParser
{
    private const int MaxDepth = 200;
    private readonly HoconTokenizer _tokens;
    private readonly HoconReferences _references;
    private int _depth;

    private HoconParser(string text)
    {
        _tokens = new HoconTokenizer(text);
        _references = new HoconReferences(_tokens);
    }

    /// <exception cref="FormatException">With line and column.</exception>
    /// <exception cref="ConfigurationException">Unquoted text with '=' or ':' in it.</exception>
    public static HoconValue Parse(string text) => new HoconParser(text).ParseRoot();

    /// <summary><c>{ members }</c> or just <c>members</c>.</summary>
    private HoconValue ParseRoot()
    {
        var keys = new HoconObject();
        _tokens.SkipBlank();
        var start = _tokens.Position;
        if (_tokens.Take('{'))
        {
            ParseMembers(keys, start);
            if (_tokens.NextAtKey() is { Kind: not HoconTokenKind.End } extra)
                throw _tokens.Expected(extra.Position, "nothing after the '}' that closes the text");
        }
        else
        {
            ParseMembers(keys, openedAt: null);
        }

        var root = new HoconValue(keys);
        _references.Resolve(root);
        return root;
    }

    /// <summary>Members up to the closing bracket, or to the end where none was opened.</summary>
    private void ParseMembers(HoconObject owner, int? openedAt)
    {
        Enter();
        for (;;)
        {
            var token = _tokens.NextAtKey();
            switch (token.Kind)
            {
                case HoconTokenKind.Key:
                    ParseMember(owner, token);
                    break;
                case HoconTokenKind.ObjectEnd when openedAt is not null:
                case HoconTokenKind.End when openedAt is null:
                    _depth--;
                    return;
                case HoconTokenKind.End:
                    throw _tokens.Expected(token.Position, $"'}}' for the '{{' at {_tokens.Place(openedAt!.Value)}");
                case HoconTokenKind.Include:
                    throw _tokens.Error(token.Position, "'include' cannot be read; merge the other text with WithFallback");
                default:
                    throw _tokens.Expected(token.Position, openedAt is null ? "a key" : "a key or '}'");
            }
        }
    }

    /// <summary><c>key.key = value</c> or <c>key.key { members }</c>.</summary>
    private void ParseMember(HoconObject owner, HoconToken key)
    {
        var value = owner.GetOrCreateKey(key.Text);
        var token = _tokens.NextAtKey();
        while (token.Kind == HoconTokenKind.Dot)
        {
            key = _tokens.NextAtKey();
            if (key.Kind != HoconTokenKind.Key)
                throw _tokens.Expected(key.Position, "a key after the dot");
            value = value.ToObject().GetOrCreateKey(key.Text);
            token = _tokens.NextAtKey();
        }

        switch (token.Kind)
        {
            case HoconTokenKind.Assign:
                // An object stays: what is assigned to it may be one too, and then the two are merged.
                if (!value.IsObject())
                    value.Clear();
                ParseValue(value, $"a value for '{key.Text}'");
                break;
            case HoconTokenKind.ObjectStart:
                ParseMembers(value.ToObject(), token.Position);
                break;
            default:
                throw _tokens.Expected(token.Position, $"'=', ':', '.' or '{{' after the key '{key.Text}'");
        }
    }

    /// <summary>Pieces up to the end of the line; they must be of one kind. A comma may follow.</summary>
    private void ParseValue(HoconValue owner, string wanted)
    {
        _tokens.SkipBlank();
        var pieces = new HoconPieces(owner, _tokens);
        for (;;)
        {
            var token = _tokens.NextAtValue();
            switch (token.Kind)
            {
                case HoconTokenKind.Text:
                    pieces.AddText(token);
                    break;
                case HoconTokenKind.Blank:
                    pieces.AddBlank(token);
                    break;
                case HoconTokenKind.ListStart:
                    pieces.AddList(token, ParseList(token.Position));
                    break;
                case HoconTokenKind.ObjectStart:
                    ParseMembers(pieces.AddObject(token), token.Position);
                    break;
                case HoconTokenKind.Reference:
                    pieces.AddReference(token, _references.Add(token));
                    break;
                case HoconTokenKind.OptionalReference:
                    pieces.AddReference(token, new HoconReference(token.Text, token.Position));
                    break;
                default:
                    if (pieces.IsEmpty)
                        throw _tokens.Expected(token.Position, wanted);
                    _tokens.Take(',');
                    return;
            }
        }
    }

    /// <summary>Values up to the closing bracket, divided by commas or line breaks.</summary>
    private HoconList ParseList(int openedAt)
    {
        Enter();
        var items = new List<HoconValue>();
        if (_tokens.SkipBlank() && _tokens.Take(']'))
            throw _tokens.Error(openedAt, "An empty list is written []; Akka.NET takes blanks in it for an item");
        while (!_tokens.Take(']'))
        {
            var item = new HoconValue();
            ParseValue(item, $"a value or ']' for the '[' at {_tokens.Place(openedAt)}");
            items.Add(item);
            _tokens.SkipBlank();
        }

        _depth--;
        return new HoconList(items);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw _tokens.Error(_tokens.Position, $"More than {MaxDepth} brackets are open");
    }
}
