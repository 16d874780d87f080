using Plexum.Codex.Posix;

namespace Plexum.Codex.Turns;

/// <summary>The check of a workspace before a turn.</summary>
public static class Workspace
{
    /// <summary>Creates the workspace where it is missing and makes sure that it can be written to.</summary>
    /// <param name="path">The path as the host gave it.</param>
    /// <returns>Why the turn is refused, or null when all is well.</returns>
    public static TurnRefusal? Prepare(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return TurnRefusal.WorkspaceRequired;
        }

        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return new TurnRefusal(
                TurnRefusalReason.WorkspaceNotAbsolute, $"codex: workspace \"{path}\" is not an absolute path; give one that starts with /");
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotWritable(path, e.Message.TrimEnd('.'));
        }

        return Libc.Access(path, Libc.MayWriteAndEnter) == 0 ? null : NotWritable(path, Libc.LastErrorText());
    }

    private static TurnRefusal NotWritable(string path, string why) => new(
        TurnRefusalReason.WorkspaceNotWritable,
        $"codex: workspace {path} cannot be used: {why}; make it a directory that this user may write to, or name another one");
}
