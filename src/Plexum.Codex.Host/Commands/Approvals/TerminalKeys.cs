using Plexum.Codex.Posix.Terminals;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>The keys of this process's terminal.</summary>
internal sealed class TerminalKeys : IKeys
{
    private TerminalKeys() { }

    /// <summary>The keys; null unless standard input, output and error are all a terminal that is this process's to use.</summary>
    public static TerminalKeys? IfThere =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && !Console.IsErrorRedirected && ControllingTerminal.IsOurs
            ? new TerminalKeys()
            : null;

    public char? TryRead() => Console.KeyAvailable ? Console.ReadKey(intercept: true).KeyChar : null;
}
