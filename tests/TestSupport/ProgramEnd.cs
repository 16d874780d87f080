namespace Plexum.Codex.TestSupport;

/// <summary>What is left of a program that has ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output, as far as nobody has read it before.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record ProgramEnd(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of <paramref name="Output"/> that are not empty.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
