namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// Parses HOCON and fails wherever continuing would lose a part of the text. We have our own because Akka's parser is lenient: it
/// silently accepts <c>a { b = 1</c>, <c>a = }</c> and <c>= 1</c>, and an unclosed list exhausts the memory.
/// </summary>
internal sealed class HoconParser
{
    private const int MaxDepth = 200;
    private readonly HoconSource _source;
    private readonly HoconTokenizer _tokens;
    private readonly HoconReferences _references;
    private int _depth;

    private HoconParser(string text)
    {
        _source = new HoconSource(text);
        _tokens = new HoconTokenizer(_source);
        _references = new HoconReferences(_source);
    }

    /// <exception cref="HoconException">The text is not HOCON.</exception>
    public static HoconObject Parse(string text) => new HoconParser(text).ParseRoot();

    /// <summary><c>{ members }</c> or just <c>members</c>.</summary>
    private HoconObject ParseRoot()
    {
        var keys = new HoconObject();
        _tokens.SkipBlank();
        var start = _tokens.Position;
        if (_tokens.Take('{'))
        {
            ParseMembers(keys, start);
            if (_tokens.NextAtKey() is { Kind: not HoconTokenKind.End } extra)
            {
                throw _source.Expected(extra.Position, "nothing after the final '}'");
            }
        }
        else
        {
            ParseMembers(keys, openedAt: null);
        }

        _references.Resolve(keys);
        return keys;
    }

    /// <summary>Members up to the closing brace, or up to the end if there was no opening one.</summary>
    private void ParseMembers(HoconObject owner, int? openedAt)
    {
        Enter(_tokens.Position);
        for (; ; )
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
                    throw _source.Expected(token.Position, $"'}}' for the '{{' at {_source.PlaceOf(openedAt!.Value)}");
                case HoconTokenKind.Include:
                    throw _source.Error(token.Position, "'include' is not supported; copy the other file's keys here");
                default:
                    throw _source.Expected(token.Position, openedAt is null ? "a key" : "a key or '}'");
            }
        }
    }

    /// <summary><c>key.key = value</c> or <c>key.key { members }</c>.</summary>
    private void ParseMember(HoconObject owner, HoconToken key)
    {
        var value = ValueOf(owner, key);
        var depth = _depth;
        var token = _tokens.NextAtKey();
        while (token.Kind == HoconTokenKind.Dot)
        {
            key = _tokens.NextAtKey();
            if (key.Kind != HoconTokenKind.Key)
            {
                throw _source.Expected(key.Position, "a key after the dot");
            }

            Enter(key.Position);
            value = ValueOf(value.ToObject(), key);
            token = _tokens.NextAtKey();
        }

        switch (token.Kind)
        {
            case HoconTokenKind.Assign:
                // Keep an object: if another object is assigned to it, the two are merged.
                if (value.Object is null)
                {
                    value.Clear();
                }

                ParseValue(value, $"a value for '{key.Text}'");
                break;
            case HoconTokenKind.ObjectStart:
                ParseMembers(value.ToObject(), token.Position);
                break;
            default:
                throw _source.Expected(token.Position, $"'=', ':', '.' or '{{' after the key '{key.Text}'");
        }

        _depth = depth;
    }

    private HoconValue ValueOf(HoconObject owner, HoconToken key)
    {
        var value = owner.GetOrCreate(key.Text);
        value.Line = _source.LineOf(key.Position);
        return value;
    }

    /// <summary>Pieces up to the end of the line, all of one kind. A comma may follow.</summary>
    private void ParseValue(HoconValue owner, string wanted)
    {
        _tokens.SkipBlank();
        var pieces = new HoconPieces(owner, _source);
        for (; ; )
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
                case HoconTokenKind.Reference or HoconTokenKind.OptionalReference:
                    pieces.AddReference(token, _references.Add(token, owner));
                    break;
                default:
                    if (pieces.IsEmpty)
                    {
                        throw _source.Expected(token.Position, wanted);
                    }

                    _tokens.Take(',');
                    return;
            }
        }
    }

    /// <summary>Values up to the closing bracket, separated by commas or line breaks.</summary>
    private HoconList ParseList(int openedAt)
    {
        Enter(openedAt);
        var items = new List<HoconValue>();
        _tokens.SkipBlank();
        while (!_tokens.Take(']'))
        {
            var item = new HoconValue();
            ParseValue(item, $"a value or ']' for the '[' at {_source.PlaceOf(openedAt)}");
            items.Add(item);
            _tokens.SkipBlank();
        }

        _depth--;
        return new HoconList(items);
    }

    private void Enter(int position)
    {
        if (++_depth > MaxDepth)
        {
            throw _source.Error(position, $"The text is nested more than {MaxDepth} levels deep");
        }
    }
}
