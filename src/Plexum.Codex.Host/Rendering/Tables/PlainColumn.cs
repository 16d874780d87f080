namespace Plexum.Codex.Host.Rendering.Tables;

/// <summary>A column of a <see cref="PlainTable"/>.</summary>
/// <param name="Title">Its title.</param>
internal sealed record PlainColumn(string Title)
{
    /// <summary>Whether it is aligned to the right.</summary>
    public bool IsRight { get; private init; }

    /// <summary>Whether it holds ids, which may be shortened to a unique beginning.</summary>
    public bool HasIds { get; private init; }

    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Whether its texts may be cut.</summary>
    public bool MayBeCut { get; private init; }

    /// <summary>Whether it has no mark, so that it may be wrapped if it is the last one.</summary>
    public bool IsPlain => !IsRight && !HasIds && !IsOptional && !MayBeCut;

    /// <summary>Reads a title with its marks.</summary>
    public static PlainColumn Parse(string marked)
    {
        var title = marked.TrimStart('>', '#', '?', '~');
        var marks = marked[..^title.Length];
        return new PlainColumn(title)
        {
            IsRight = marks.Contains('>', StringComparison.Ordinal),
            HasIds = marks.Contains('#', StringComparison.Ordinal),
            IsOptional = marks.Contains('?', StringComparison.Ordinal),
            MayBeCut = marks.Contains('~', StringComparison.Ordinal),
        };
    }
}
