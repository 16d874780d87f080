namespace Plexum.Codex.Host.Hocon;

/// <summary>The <c>${path}</c>s of one text. They are looked up in that text only, when all of it has been read.</summary>
internal sealed class HoconReferences(HoconSource source)
{
    private readonly List<HoconReference> _references = [];

    public HoconReference Add(HoconToken token, HoconValue owner)
    {
        var reference = new HoconReference(token, owner);
        _references.Add(reference);
        return reference;
    }

    /// <exception cref="HoconException">A reference leads nowhere, back to itself, or to what cannot be joined to its neighbours.</exception>
    public void Resolve(HoconObject root)
    {
        // A path may lead through a reference that comes later, so each pass may find more.
        var found = true;
        while (found)
        {
            found = false;
            foreach (var reference in _references.Where(reference => reference.Target is null))
            {
                found |= Find(reference, root);
            }
        }

        foreach (var reference in _references)
        {
            if (reference is { Target: null, IsOptional: false })
            {
                throw source.Error(
                    reference.Position,
                    $"Unresolved substitution: {reference.Path} stands nowhere in the text; environment variables are not read");
            }

            if (reference.Owner.IsMixed)
            {
                throw source.Error(reference.Position, $"What {reference.Path} stands for cannot be joined to what stands beside it");
            }
        }
    }

    private bool Find(HoconReference reference, HoconObject root)
    {
        reference.Target = root.Find(reference.Path);
        return LeadsBack(reference)
            ? throw source.Error(reference.Position, $"The substitution {reference.Path} leads back to itself")
            : reference.Target is not null;
    }

    private static bool LeadsBack(HoconReference start)
    {
        var seen = new HashSet<HoconValue>();
        var open = new Stack<HoconValue>(start.Target is { } first ? [first] : []);
        while (open.TryPop(out var value))
        {
            foreach (var element in value.Elements)
            {
                if (ReferenceEquals(element, start))
                {
                    return true;
                }

                var inside = element is HoconReference reference ? reference.Target is { } target ? [target] : []
                    : element is HoconObject keys ? keys.Items.Values
                    : element.Items;
                foreach (var next in inside.Where(seen.Add))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }
}
