namespace Plexum.Codex.TestSupport;

/// <summary>A test in a real terminal. It is skipped, with the reason, where there is no tmux.</summary>
public sealed class TmuxFactAttribute : FactAttribute
{
    /// <summary>Finds out whether there is one.</summary>
    public TmuxFactAttribute() => Skip = TmuxTerminal.WhyNot;
}
