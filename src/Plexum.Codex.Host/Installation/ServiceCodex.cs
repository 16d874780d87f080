using System.Diagnostics;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Installation;

/// <summary>The codex of a service, which has little of a shell's environment.</summary>
/// <param name="Path">The path to save: the name by which this shell finds it, which survives updates.</param>
/// <param name="SearchPath">
/// The PATH that the service needs, because codex is started by a program that looks for others on it; null for systemd's.
/// </param>
internal sealed record ServiceCodex(string Path, string? SearchPath)
{
    // The least that a user's systemd gives a service: systemd.exec(5).
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] OfLogin = ["HOME", "USER", "LOGNAME", "SHELL", "LANG", "XDG_RUNTIME_DIR"];

    /// <summary>Finds codex and tries it as a service would start it.</summary>
    /// <param name="configured">The setting.</param>
    /// <param name="variables">The variables that the unit sets.</param>
    /// <param name="cancellationToken">Cancels the wait for codex's answers.</param>
    /// <exception cref="CodexUnavailableException">It is missing, too old, or does not start without more of this shell.</exception>
    public static async Task<ServiceCodex> FindAsync(
        string configured,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        CancellationToken cancellationToken
    )
    {
        var own = Environment.GetEnvironmentVariable("PATH");
        var binary = await CodexBinary.ResolveAsync(configured, own, cancellationToken).ConfigureAwait(false);
        var path = LastingPath.Of(binary.FoundAs);
        var program = binary.Path == binary.FoundAs ? path : binary.Path;
        if (await WhyNotAsync(program, variables, DefaultPath, cancellationToken).ConfigureAwait(false) is null)
        {
            return new ServiceCodex(path, null);
        }

        var lasting = Lasting(own);
        return await WhyNotAsync(program, variables, lasting, cancellationToken).ConfigureAwait(false) is { } problem
            ? throw new CodexUnavailableException(
                $"{path} starts codex in this shell and would not as a service, which has the shell's PATH at most: {problem} "
                    + "Set codex.binary to codex itself; a version manager names it, as with \"mise which codex\" or \"asdf which codex\"."
            )
            : new ServiceCodex(path, lasting);
    }

    private static string Lasting(string? searchPath) =>
        string.Join(
            System.IO.Path.PathSeparator,
            (searchPath ?? "")
                .Split(System.IO.Path.PathSeparator)
                .Where(System.IO.Path.IsPathFullyQualified)
                .Select(LastingPath.OfDirectory)
                .Distinct(StringComparer.Ordinal)
        );

    private static async Task<string?> WhyNotAsync(
        string program,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        string searchPath,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Home() };
        start.Environment.Clear();
        foreach (var name in OfLogin)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = searchPath;
        try
        {
            _ = await CodexBinary.AskVersionAsync(start, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (CodexUnavailableException e)
        {
            return e.Message;
        }
    }

    // Where a user's systemd starts services.
    private static string Home() => Environment.GetEnvironmentVariable("HOME") is { } home && Directory.Exists(home) ? home : "/";
}
