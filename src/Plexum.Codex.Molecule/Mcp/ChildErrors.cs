using System.Diagnostics;
using Serilog;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>Copies a process's standard error to the log, line by line and without the token.</summary>
internal sealed class ChildErrors
{
    private const int MaxCharacters = 500;

    private readonly string _secret;
    private volatile string _last = "";

    private ChildErrors(string secret) => _secret = secret;

    /// <summary>The last non-empty line.</summary>
    public string Last => _last;

    /// <summary>Starts reading.</summary>
    public static ChildErrors Follow(Process process, string secret)
    {
        var errors = new ChildErrors(secret);
        process.ErrorDataReceived += (_, line) => errors.Take(line.Data);
        process.BeginErrorReadLine();
        return errors;
    }

    private void Take(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        // Truncate last: the start of a truncated token would not be recognized.
        var clean = _secret.Length > 0 ? line.Replace(_secret, "(token)", StringComparison.Ordinal) : line;
        _last = clean.Length > MaxCharacters ? clean[..MaxCharacters] + "…" : clean;
        Log.Information("molecule-mcp: {Line:l}", _last);
    }
}
