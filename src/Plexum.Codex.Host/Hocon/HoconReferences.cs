namespace Plexum.Codex.Host.Hocon;

/// <summary>The <c>${path}</c>s of one text. They are resolved within that text only, after all of it has been read.</summary>
internal sealed class HoconReferences(HoconSource source)
{
    private readonly List<HoconReference> _references = [];

    public HoconReference Add(HoconToken token, HoconValue owner)
    {
        var reference = new HoconReference(token, owner);
        _references.Add(reference);
        return reference;
    }

    /// <exception cref="HoconException">
    /// A reference is unresolved or circular, or its value cannot be joined to its neighbours.
    /// </exception>
    public void Resolve(HoconObject root)
    {
        // A path may go through a later reference, so each pass may resolve more.
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
                    $"Unresolved substitution: the text does not define {reference.Path}; environment variables are not read"
                );
            }

            if (reference.Owner.IsMixed)
            {
                throw source.Error(reference.Position, $"The value of {reference.Path} cannot be joined to the pieces next to it");
            }
        }
    }

    private bool Find(HoconReference reference, HoconObject root)
    {
        reference.Target = root.Find(reference.Path);
        return LeadsBack(reference)
            ? throw source.Error(reference.Position, $"The substitution {reference.Path} refers to itself")
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

                var inside = element is HoconReference reference
                    ? reference.Target is { } target
                        ? [target]
                        : []
                    : element is HoconObject keys
                        ? keys.Items.Values
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
