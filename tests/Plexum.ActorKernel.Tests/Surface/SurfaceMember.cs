namespace Plexum.ActorKernel.Tests.Surface;

/// <summary>One member of a type: its line, and whether it only overrides a member of a base type.</summary>
internal sealed record SurfaceMember(string Text, bool IsOverride)
{
    private const string GetOnly = "{ get; }";
    private const string GetAndSet = "{ get; set; }";

    /// <summary>Lines of members that can do all that this one can: settable as well, virtual as well.</summary>
    public IEnumerable<string> FormsThatDoMore
    {
        get
        {
            var settable = Text.Replace(GetOnly, GetAndSet, StringComparison.Ordinal);
            return [settable, Virtual(Text), Virtual(settable)];
        }
    }

    private static string Virtual(string text) =>
        text.StartsWith("protected ", StringComparison.Ordinal) ? text.Insert("protected ".Length, "virtual ") : "virtual " + text;
}
