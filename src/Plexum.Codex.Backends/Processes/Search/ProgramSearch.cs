using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes.Search;

/// <summary>
/// Finds a program as <c>execvp</c> does, which passes over what cannot be run: a directory, a link to nothing or to itself, a file
/// without the right to execute it. Two things differ. The path is absolute, and an empty entry, which names the current directory, is
/// not searched: there a model could have put a program of that name.
/// </summary>
internal static class ProgramSearch
{
    /// <summary>The directories of a PATH, as they are written.</summary>
    public static string[] Directories(string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first program of this name, under the name that PATH gives it: no link is followed. Null if there is none.</summary>
    public static string? Find(string name, string? searchPath) => Candidates(name, searchPath).FirstOrDefault(IsProgram);

    /// <summary>The first file of this name that is no program, and why, as the end of a sentence; null if there is none.</summary>
    public static string? FindUnusable(string name, string? searchPath) =>
        Candidates(name, searchPath)
            .Select(path => WhyNot(path) is { } reason ? $"{path} {reason}" : null)
            .FirstOrDefault(found => found is not null);

    /// <summary>Whether a path, with its links followed, is a file that this process may execute.</summary>
    public static bool IsProgram(string path) => File.Exists(path) && Libc.Access(path, Libc.MayExecute) == 0;

    /// <summary>Why what stands at a path is no program, as the end of a sentence; null if nothing stands there.</summary>
    public static string? WhyNot(string path) =>
        FileStatus.OfPath(path) switch
        {
            null => null,
            _ when Directory.Exists(path) => "is a directory",
            { Kind: FileKind.Link } when Libc.Access(path, Libc.IsThere) != 0 => "is a link that leads nowhere",
            _ => "is not executable",
        };

    private static IEnumerable<string> Candidates(string name, string? searchPath) =>
        Directories(searchPath).Select(directory => Path.GetFullPath(Path.Combine(directory, name)));
}
