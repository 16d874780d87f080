namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// Builds a value from pieces. Texts are joined, lists are joined, objects are merged. A mixture is an error, because reading it would
/// return one kind and drop the others.
/// </summary>
internal sealed class HoconPieces(HoconValue owner, HoconSource source)
{
    /// <summary>An object assigned to the key earlier in the text.</summary>
    private const string Earlier = "the object that is already there";
    private const string Text = "text";
    private const string List = "a list";
    private const string Object = "an object";
    private const string Reference = "a reference";

    private string? _seen = owner.Object is not null ? Earlier : null;

    public bool IsEmpty => _seen is null or Earlier;

    public void AddText(HoconToken token)
    {
        if (_seen == Earlier)
        {
            owner.Clear();
        }

        Check(Text, token, allowed: _seen is null or Earlier or Text or Reference);
        owner.Add(new HoconText(token.Text));
    }

    public void AddBlank(HoconToken token) => owner.Add(new HoconBlank(token.Text));

    public void AddList(HoconToken token, HoconList list)
    {
        Check(List, token, allowed: _seen is null or List or Reference);
        owner.Add(list);
    }

    public HoconObject AddObject(HoconToken token)
    {
        Check(Object, token, allowed: _seen is null or Earlier or Object);
        return owner.ToObject();
    }

    public void AddReference(HoconToken token, HoconReference reference)
    {
        var before = _seen;
        Check(Reference, token, allowed: before is null or Text or List or Reference);
        _seen = before ?? Reference;
        owner.Add(reference);
    }

    private void Check(string kind, HoconToken token, bool allowed)
    {
        if (!allowed)
        {
            throw source.Error(token.Position, $"{char.ToUpperInvariant(kind[0])}{kind[1..]} cannot be joined to {_seen}");
        }

        _seen = kind;
    }
}
