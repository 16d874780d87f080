namespace Akka.Configuration.Hocon;

/// <summary>The <c>${path}</c>s of one text. They are looked up in that text only, when all of it has been read.</summary>
internal sealed class HoconReferences(HoconTokenizer tokens)
{
    private readonly List<HoconReference> _references = [];

    public HoconReference Add(HoconToken token)
    {
        var reference = new HoconReference(token.Text, token.Position);
        _references.Add(reference);
        return reference;
    }

    public void Resolve(HoconValue root)
    {
        foreach (var reference in _references)
        {
            reference.Target = root.Find(reference.Path) ?? throw tokens.Error(
                reference.Position,
                $"Unresolved substitution: {reference.Path} stands nowhere in the text; environment variables are not read");
        }

        foreach (var reference in _references)
        {
            if (LeadsBack(reference))
                throw tokens.Error(reference.Position, $"The substitution {reference.Path} leads back to itself");
        }
    }

    private static bool LeadsBack(HoconReference start)
    {
        var seen = new HashSet<HoconValue>();
        var open = new Stack<HoconValue>([start.Target!]);
        while (open.TryPop(out var value))
        {
            foreach (var element in value.Elements)
            {
                if (ReferenceEquals(element, start))
                    return true;
                var inside = element is HoconReference { Target: { } target } ? [target]
                    : element is HoconObject keys ? keys.Items.Values
                    : element.Items;
                foreach (var next in inside.Where(seen.Add))
                    open.Push(next);
            }
        }

        return false;
    }
}
