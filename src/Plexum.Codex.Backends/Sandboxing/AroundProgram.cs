using System.Collections.Immutable;
using System.IO.Enumeration;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// Hides directories that hold codex's program, which has to stay: in place of each, everything in it that is not on the way to the
/// program, at every level.
/// </summary>
/// <param name="Program">The absolute path of codex, without links.</param>
/// <param name="Workspace">The turn's workspace, without links. It stays usable.</param>
/// <param name="Holders">The directories.</param>
internal sealed record AroundProgram(string Program, string Workspace, ImmutableArray<string> Holders)
{
    // Codex creates and removes such files in its home while a turn runs.
    private static readonly ImmutableArray<string> Names = ["*.json", "*.jsonl", "*.sqlite*", "*.toml"];

    // Beside the program's own directory, with the ripgrep that codex puts on the PATH of commands: before and since 0.16x.
    private static readonly ImmutableArray<string> Helpers = ["path", "codex-path"];

    /// <summary>What codex may add to the directories. It adds more; that stays readable.</summary>
    public IEnumerable<string> Patterns => Holders.SelectMany(holder => Names.Select(name => Path.Combine(holder, name)));

    /// <summary>What is in the directories now and is not covered by <see cref="Patterns"/>. Links lead elsewhere and stay.</summary>
    /// <exception cref="SandboxUnavailableException">One of them is codex itself, or cannot be listed.</exception>
    public IEnumerable<string> Paths()
    {
        foreach (var holder in Holders)
        {
            if (holder == Program)
            {
                throw new SandboxUnavailableException(
                    $"Confined commands must not read {DeniedPaths.Shown(Program)}, but codex runs itself in their sandbox. "
                        + "Let commands read codex's program."
                );
            }

            for (var at = holder; at != Program && at != Workspace; at = Next(at))
            {
                foreach (var entry in List(at).Where(entry => !Stays(entry, at)))
                {
                    yield return entry;
                }
            }
        }
    }

    private bool Stays(string entry, string directory)
    {
        var kind = FileStatus.OfPath(entry)?.Kind;
        return entry == Workspace
            || RealPath.IsWithin(Program, entry)
            || kind == FileKind.Link
            || (kind != FileKind.Directory && Holders.Contains(directory) && MatchesPattern(entry))
            || IsHelper(entry);
    }

    private bool IsHelper(string entry) =>
        Path.GetDirectoryName(entry) == Path.GetDirectoryName(Path.GetDirectoryName(Program))
        && Helpers.Contains(Path.GetFileName(entry))
        && File.Exists(Path.Combine(entry, "rg"));

    private string Next(string directory)
    {
        var end = Program.IndexOf('/', directory == "/" ? 1 : directory.Length + 1);
        return end < 0 ? Program : Program[..end];
    }

    private static bool MatchesPattern(string file) =>
        Names.Any(name => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(file.AsSpan()), ignoreCase: false));

    private static string[] List(string directory)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SandboxUnavailableException(
                $"Confined commands must not read {DeniedPaths.Shown(directory)}, which holds codex's program and cannot be listed, so the "
                    + $"rest of it cannot be hidden: {e.Message.TrimEnd('.')}. Install codex elsewhere."
            );
        }
    }
}
