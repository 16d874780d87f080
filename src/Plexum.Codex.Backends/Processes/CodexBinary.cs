using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes;

/// <summary>
/// The codex program to run. npm installs a node script that starts the native program. The script costs 60 ms and would receive
/// our signals in its place, so we look for the native program behind it.
/// </summary>
/// <param name="Path">The native program.</param>
/// <param name="Version">The version it reports.</param>
/// <param name="FoundAs">Where the search started: the configured path or the entry of PATH.</param>
public sealed partial record CodexBinary(string Path, Version Version, string FoundAs)
{
    /// <summary>The oldest supported version of codex.</summary>
    public static readonly Version OldestSupported = new(0, 135, 0);

    internal const string InstallAdvice =
        "Install it with \"npm install -g @openai/codex\", or set \"binary\" in the plugin's config.json to its absolute path.";

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(20);

    /// <summary>The directories in which codex finds its own helpers.</summary>
    public ImmutableArray<string> SearchPath
    {
        get
        {
            // Up to 0.16x the npm script added a directory with ripgrep, next to the program's own.
            var own = System.IO.Path.GetDirectoryName(Path)!;
            var helpers = System.IO.Path.GetFullPath(System.IO.Path.Combine(own, "..", "path"));
            return Directory.Exists(helpers) ? [own, helpers] : [own];
        }
    }

    /// <summary>Finds codex and reads its version.</summary>
    /// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
    /// <param name="searchPath">The value of PATH.</param>
    /// <param name="cancellationToken">Cancels the wait for the program's answer.</param>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where we looked.</exception>
    public static async Task<CodexBinary> ResolveAsync(string configured, string? searchPath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configured);
        var found = Find(configured, searchPath);
        var program = FollowShim(found);
        var version = await ReadVersionAsync(program, cancellationToken).ConfigureAwait(false);
        return version >= OldestSupported
            ? new CodexBinary(program, version, found)
            : throw new CodexUnavailableException(
                $"codex {version} at {program} is too old; {OldestSupported} or newer is needed. "
                    + "Update it with \"npm install -g @openai/codex@latest\"."
            );
    }

    private static string Find(string configured, string? searchPath)
    {
        if (configured.StartsWith("~/", StringComparison.Ordinal))
        {
            configured = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), configured[2..]);
        }

        if (configured.Contains('/', StringComparison.Ordinal))
        {
            var path = System.IO.Path.GetFullPath(configured);
            return IsProgram(path)
                ? path
                : throw new CodexUnavailableException(
                    $"codex was not found: {path} {(File.Exists(path) ? "is not executable" : "does not exist")}. " + InstallAdvice
                )
                {
                    IsMissing = true,
                };
        }

        var directories = (searchPath ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var candidates = directories.Select(directory => System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, configured)));
        return candidates.FirstOrDefault(IsProgram)
            ?? throw new CodexUnavailableException(
                $"codex was not found: there is no program \"{configured}\" on PATH "
                    + $"({(directories.Length == 0 ? "which is empty" : string.Join(", ", directories))}). "
                    + $"A service does not have the PATH of your shell. {InstallAdvice}"
            )
            {
                IsMissing = true,
            };
    }

    /// <summary>
    /// Goes from <c>…/@openai/codex/bin/codex.js</c> to <c>@openai/codex-linux-x64/vendor/&lt;target&gt;/bin/codex</c>, which is in the
    /// package's own node_modules or beside the package; older packages contain the vendor directory themselves. Returns anything but
    /// an npm script unchanged.
    /// </summary>
    private static string FollowShim(string found)
    {
        var target = new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found;
        if (!target.EndsWith(".js", StringComparison.Ordinal))
        {
            return target;
        }

        var package = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(target)!, ".."));
        var scope = System.IO.Path.GetDirectoryName(package)!;
        string[] roots = [package, System.IO.Path.Combine(package, "node_modules", "@openai"), scope];
        var vendors = roots
            .Where(Directory.Exists)
            .SelectMany(root => root == package ? [root] : Directory.GetDirectories(root, "codex-linux-*"))
            .Select(directory => System.IO.Path.Combine(directory, "vendor"))
            .Where(Directory.Exists);
        var candidates = vendors
            .SelectMany(Directory.GetDirectories)
            .SelectMany(target =>
                new[] { System.IO.Path.Combine(target, "bin", "codex"), System.IO.Path.Combine(target, "codex", "codex") }
            );
        return candidates.FirstOrDefault(IsProgram)
            ?? throw new CodexUnavailableException(
                $"codex is only partly installed: the native program of {target} was not found in {string.Join(", ", roots)}. "
                    + "Install it again with \"npm install -g @openai/codex\", without --omit=optional."
            );
    }

    private static bool IsProgram(string path) => File.Exists(path) && Libc.Access(path, Libc.MayExecute) == 0;

    private static async Task<Version> ReadVersionAsync(string program, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(VersionLimit);
        try
        {
            var (code, output, errors) = await ShortProgram
                .RunAsync(new ProcessStartInfo(program, "--version"), limit.Token)
                .ConfigureAwait(false);
            return VersionPattern().Match(output) is { Success: true } match
                ? Version.Parse(match.Value)
                : throw new CodexUnavailableException(
                    $"{program} --version exited with {code} and printed no version: {(output + errors).Trim()}. {InstallAdvice}"
                );
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CodexUnavailableException(
                $"{program} --version did not answer within {VersionLimit.TotalSeconds} seconds. {InstallAdvice}"
            );
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CodexUnavailableException($"{program} cannot be run: {e.Message}. {InstallAdvice}", e);
        }
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex VersionPattern();
}
