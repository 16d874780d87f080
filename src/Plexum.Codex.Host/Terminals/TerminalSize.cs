namespace Plexum.Codex.Host.Terminals;

/// <summary>The size of a terminal.</summary>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its lines.</param>
internal readonly record struct TerminalSize(int Width, int Height)
{
    // What every terminal emulator begins with; a terminal may not know its size.
    private static readonly TerminalSize Usual = new(80, 24);

    /// <summary>The size that the terminal of this process has now.</summary>
    public static TerminalSize Current
    {
        get
        {
            var size = new TerminalSize(Console.WindowWidth, Console.WindowHeight);
            return size is { Width: > 0, Height: > 0 } ? size : Usual;
        }
    }
}
