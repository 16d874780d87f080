namespace Plexum.Codex.TestSupport;

/// <summary>A theory in a real terminal. It is skipped, with the reason, where there is no tmux.</summary>
public sealed class TmuxTheoryAttribute : TheoryAttribute
{
    /// <summary>Finds out whether there is one.</summary>
    public TmuxTheoryAttribute() => Skip = TmuxTerminal.WhyNot;
}
