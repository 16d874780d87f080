using System.Globalization;

namespace Plexum.Codex.Processes;

/// <summary>How a process ended: with a code, by a signal, or unknown (it was another process's child).</summary>
/// <param name="Code">The exit code, if it exited.</param>
/// <param name="Signal">The number of the signal, if one ended it.</param>
public readonly record struct ProcessExit(int? Code, int? Signal)
{
    /// <summary>It has ended in an unknown way.</summary>
    public static ProcessExit Unknown => default;

    /// <summary>Whether it exited with 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>Whether it is unknown how it ended.</summary>
    public bool IsUnknown => Code is null && Signal is null;

    /// <summary>What happened, to follow the process's name in a sentence: <c>exited with 1</c>.</summary>
    public string Describe() =>
        this switch
        {
            { Code: { } code } => string.Create(CultureInfo.InvariantCulture, $"exited with {code}"),
            { Signal: { } signal } => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}{NameOf(signal)}"),
            _ => "ended",
        };

    /// <summary>Converts a status from <c>waitpid</c>.</summary>
    internal static ProcessExit FromWaitStatus(int status) =>
        (status & 0x7f) == 0 ? new ProcessExit((status >> 8) & 0xff, null) : new ProcessExit(null, status & 0x7f);

    private static string NameOf(int signal) =>
        signal switch
        {
            2 => " (SIGINT)",
            6 => " (SIGABRT)",
            9 => " (SIGKILL; the system does that too when memory runs out)",
            11 => " (SIGSEGV)",
            15 => " (SIGTERM)",
            _ => "",
        };
}
