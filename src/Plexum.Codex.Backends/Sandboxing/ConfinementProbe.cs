using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// Tries a confined profile: <c>codex sandbox</c> runs a command under it, as codex runs a model's, which tries to open all that is
/// denied. It takes 80 ms (0.169.0). Where the system permits no sandbox, codex runs no command at all; this finds the reason before a
/// model meets it.
/// </summary>
internal static class ConfinementProbe
{
    private const int StillReadable = 77;

    // test -r would not do: some shells answer it for root without looking.
    private const string Script = """for path in "$@"; do if ( : < "$path" ) 2> /dev/null; then printf '%s\n' "$path"; exit 77; fi; done""";

    private const string Error = "Error: ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Tries it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="denied">The paths that a command must fail to open.</param>
    /// <param name="binary">Codex.</param>
    /// <param name="environment">Codex's environment.</param>
    /// <param name="workspace">The directory in which codex works.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Why commands are not confined, as a sentence; null if they are.</returns>
    public static async Task<string?> WhyNotAsync(
        ConfinedProfile profile,
        ImmutableArray<string> denied,
        CodexBinary binary,
        ProcessEnvironment environment,
        string workspace,
        TimeProvider time
    )
    {
        var start = new ProcessStartInfo(binary.Path, Arguments(profile, denied, workspace))
        {
            WorkingDirectory = TrustedPlace.Outside(workspace),
        };
        environment.GiveTo(start, binary);
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var (code, output, errors) = await ShortProgram.RunAsync(start, limit.Token).ConfigureAwait(false);
            return code switch
            {
                0 => null,
                StillReadable => $"A command could still read {output.Trim()}.",
                _ => Reason(errors) is { } line
                    ? $"{line.TrimEnd('.')}."
                    : FormattableString.Invariant($"codex sandbox exited with {code} and said nothing."),
            };
        }
        catch (OperationCanceledException)
        {
            return $"codex sandbox did not end within {Limit.TotalSeconds:0} seconds.";
        }
        catch (Win32Exception e)
        {
            return $"codex could not be started: {e.Message.TrimEnd('.')}.";
        }
    }

    private static IEnumerable<string> Arguments(ConfinedProfile profile, ImmutableArray<string> denied, string workspace) =>
        [
            "sandbox",
            .. profile.Overrides.SelectMany(value => new[] { "-c", value }),
            "-P",
            profile.Name,
            "-C",
            workspace,
            "--",
            "/bin/sh",
            "-c",
            Script,
            "sh",
            .. denied,
        ];

    /// <summary>
    /// The line that says why. Before it codex may warn about its home. Behind it a panic has notes, and what codex calls an error, such as
    /// a provider that its configuration does not describe, has a list of functions (measured on 0.169.0 and 0.171.0).
    /// </summary>
    /// <returns>Null if codex said nothing.</returns>
    internal static string? Reason(string errors)
    {
        var lines = errors
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("WARNING:", StringComparison.Ordinal) && !line.StartsWith("note:", StringComparison.Ordinal))
            .ToArray();
        return lines.LastOrDefault(line => line.StartsWith("bwrap:", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(line => line.StartsWith(Error, StringComparison.Ordinal))?[Error.Length..]
            ?? lines.LastOrDefault();
    }
}
