namespace Plexum.Codex.Host.Terminals;

/// <summary>A line of a screen.</summary>
/// <param name="Text">Visible text, no wider than the terminal.</param>
/// <param name="Look">How it looks.</param>
internal sealed record ScreenLine(string Text, LineLook Look = LineLook.Plain);

/// <summary>How a line looks.</summary>
internal enum LineLook
{
    /// <summary>As text does.</summary>
    Plain,

    /// <summary>Less prominent than text.</summary>
    Quiet,

    /// <summary>More prominent than text.</summary>
    Title,
}
