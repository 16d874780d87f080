using System.Diagnostics;
using Serilog;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>What a process says on standard error: it goes to the log, a line at a time and without the token.</summary>
internal sealed class ChildErrors
{
    private const int MostCharacters = 500;

    private readonly string _secret;
    private volatile string _last = "";

    private ChildErrors(string secret) => _secret = secret;

    /// <summary>The last line that was not empty.</summary>
    public string Last => _last;

    /// <summary>Begins to read.</summary>
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

        // The cut comes last, lest it leave the beginning of a token that nothing recognizes.
        var clean = _secret.Length > 0 ? line.Replace(_secret, "(token)", StringComparison.Ordinal) : line;
        _last = clean.Length > MostCharacters ? clean[..MostCharacters] + "…" : clean;
        Log.Information("molecule-mcp: {Line:l}", _last);
    }
}
