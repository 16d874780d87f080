namespace Plexum.Codex.TestSupport;

/// <summary>A test that needs a user without privileges. It is skipped, with the reason, where there is none.</summary>
public sealed class OrdinaryUserFactAttribute : FactAttribute
{
    /// <summary>Finds out whether there is one.</summary>
    public OrdinaryUserFactAttribute() => Skip = OrdinaryUser.WhyNot;
}
