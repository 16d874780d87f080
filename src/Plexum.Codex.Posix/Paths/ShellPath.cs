namespace Plexum.Codex.Posix.Paths;

/// <summary>Paths in commands that a person is told to run.</summary>
public static class ShellPath
{
    /// <summary>A path as one word of a shell's command, whatever is in it.</summary>
    public static string Quote(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
