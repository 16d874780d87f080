namespace Plexum.Codex.Host.Hocon;

/// <summary>The text is not valid HOCON. The message is a sentence that ends with the place.</summary>
internal sealed class HoconException : FormatException
{
    /// <summary>Appends the place to <paramref name="what"/>, a sentence without its full stop.</summary>
    public HoconException(string what, HoconPlace place)
        : base($"{what} ({place}).") => Place = place;

    /// <summary>The line, counted from 1.</summary>
    public int Line => Place.Line;

    /// <summary>The column, counted from 1.</summary>
    public int Column => Place.Column;

    private HoconPlace Place { get; }
}
