using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Posix.Resources;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Processes;

/// <summary>
/// The codex program to run, under the name by which it was found: a version manager's shim looks at that name to know what to start, so
/// no link is followed. The one exception is npm's own script. It starts node and then the native program, which takes 60 ms and with an
/// older node leaves the script in between, so the native program behind it is run.
/// </summary>
/// <param name="Path">What is started: the native program behind npm's script, else <paramref name="FoundAs"/>.</param>
/// <param name="Version">The version it reports.</param>
/// <param name="FoundAs">The configured path or the entry of PATH, absolute and with its links not followed.</param>
public sealed partial record CodexBinary(string Path, Version Version, string FoundAs)
{
    /// <summary>The oldest supported version of codex.</summary>
    public static readonly Version OldestSupported = new(0, 135, 0);

    internal const string InstallAdvice = "Install it with \"npm install -g @openai/codex\", or set codex.binary to its absolute path.";

    private const int MaxWords = 1000;

    // ENOEXEC
    private const int NoProgramFormat = 8;

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether it is a program that starts codex and not codex itself: a version manager's shim or somebody's script. It may choose what it
    /// starts by the directory it is in. Reads the file system.
    /// </summary>
    public bool IsShim => Path == FoundAs && !NativeProgram.IsCodex(Path);

    /// <summary>
    /// The directories in which codex finds its own helpers: that of the program itself, not that of a link to it, which has other programs
    /// too. None for a shim. Reads the file system.
    /// </summary>
    public ImmutableArray<string> SearchPath
    {
        get
        {
            if (IsShim)
            {
                return [];
            }

            // Up to 0.16x the npm script added a directory with ripgrep, next to the program's own.
            var own = System.IO.Path.GetDirectoryName(RealPath.OfAnything(Path) ?? Path)!;
            var helpers = System.IO.Path.GetFullPath(System.IO.Path.Combine(own, "..", "path"));
            return Directory.Exists(helpers) ? [own, helpers] : [own];
        }
    }

    /// <summary>Where it was found and what is started, as the end of a sentence. Reads the file system.</summary>
    public string Describe()
    {
        var real = RealPath.OfAnything(Path) ?? Path;
        return Path != FoundAs ? $"{FoundAs}, npm's script for {Path}"
            : real != FoundAs ? $"{FoundAs}, which leads to {real}"
            : FoundAs;
    }

    /// <summary>Finds codex and reads its version.</summary>
    /// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
    /// <param name="searchPath">The value of PATH.</param>
    /// <param name="directory">
    /// The directory to ask for the version in, by which a shim may choose; null for that of this process.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for the program's answer.</param>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where we looked.</exception>
    public static async Task<CodexBinary> ResolveAsync(
        string configured,
        string? searchPath,
        string? directory = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configured);
        var found = Find(configured, searchPath);
        var program = BehindNpm(found);
        var start = new ProcessStartInfo(program) { WorkingDirectory = directory ?? "" };
        var version = await AskVersionAsync(start, cancellationToken).ConfigureAwait(false);
        return version >= OldestSupported
            ? new CodexBinary(program, version, found)
            : throw new CodexUnavailableException(
                $"codex {version} at {program} is too old; {OldestSupported} or newer is needed. "
                    + "Update it with \"npm install -g @openai/codex@latest\"."
            )
            {
                IsTooOld = true,
            };
    }

    /// <summary>Asks a program for its version. Version managers' shims ask other programs, and may fail.</summary>
    /// <param name="start">The program, with the environment and the directory to ask it in.</param>
    /// <param name="cancellationToken">Cancels the wait for its answer.</param>
    /// <exception cref="CodexUnavailableException">It fails or is not codex; the message has its words.</exception>
    public static async Task<Version> AskVersionAsync(ProcessStartInfo start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var program = start.FileName;
        start.ArgumentList.Add("--version");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(VersionLimit);
        try
        {
            var (code, output, errors) = await ShortProgram.RunAsync(start, limit.Token).ConfigureAwait(false);
            return code == 0 && VersionPattern().Match(output) is { Success: true } match
                ? Version.Parse(match.Groups[1].Value)
                : throw new CodexUnavailableException(
                    $"{program} --version exited with {code} and told no version of codex: {Words(output, errors)}. {AdviceOn(program)}"
                );
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CodexUnavailableException(
                $"{program} --version did not answer within {VersionLimit.TotalSeconds} seconds. {AdviceOn(program)}"
            );
        }
        catch (System.ComponentModel.Win32Exception e) when (e.NativeErrorCode == NoProgramFormat)
        {
            throw new CodexUnavailableException(
                $"{program} cannot be run: it is neither a program for this system nor a script with an interpreter line. "
                    + "If it is a script, give it a first line such as #!/bin/sh; if not, install codex for this system.",
                e
            );
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CodexUnavailableException(
                $"{program} cannot be run: {Libc.ErrorText(e.NativeErrorCode)}. "
                    + (ResourceShortage.Remedy(e.NativeErrorCode) ?? InstallAdvice),
                e
            );
        }
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
            return ProgramSearch.IsProgram(path)
                ? path
                : throw new CodexUnavailableException(
                    $"codex was not found: {path} {ProgramSearch.WhyNot(path) ?? "does not exist"}. " + InstallAdvice
                )
                {
                    IsMissing = true,
                };
        }

        var directories = ProgramSearch.Directories(searchPath);
        return ProgramSearch.Find(configured, searchPath)
            ?? throw new CodexUnavailableException(
                $"codex was not found: there is no program \"{configured}\" on PATH "
                    + $"({(directories.Length == 0 ? "which is empty" : string.Join(", ", directories))}). "
                    + (ProgramSearch.FindUnusable(configured, searchPath) is { } unusable ? $"{unusable}. " : "")
                    + $"A service does not have the PATH of your shell. {InstallAdvice}"
            )
            {
                IsMissing = true,
            };
    }

    private static string BehindNpm(string found) =>
        NpmScript.At(found) is not { } script
            ? found
            : script.FindNative()
                ?? throw new CodexUnavailableException(
                    $"codex is only partly installed: the native program of {script.Path} was not found in "
                        + $"{string.Join(", ", script.Roots)}. "
                        + "Install it again with \"npm install -g @openai/codex\", without --omit=optional."
                );

    private static string Words(string output, string errors)
    {
        var lines = $"{output}\n{errors}".Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var words = string.Join(' ', lines).TrimEnd('.');
        return words.Length == 0 ? "it said nothing" : VisibleText.OneLine(words.Length <= MaxWords ? words : words[..MaxWords] + "…");
    }

    private static string AdviceOn(string program) =>
        RealPath.OfAnything(program) is { } real && real != program
            ? $"It leads to {real}. If that is a version manager, have it choose a codex, or set codex.binary to codex itself. "
                + InstallAdvice
            : $"If it is a version manager's shim, have it choose a codex, or set codex.binary to codex itself. {InstallAdvice}";

    [GeneratedRegex(@"\bcodex\S* v?(\d+\.\d+\.\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex VersionPattern();
}
