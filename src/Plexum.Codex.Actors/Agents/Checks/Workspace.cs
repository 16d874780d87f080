using Plexum.Codex.Posix;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>Checks a workspace before a turn.</summary>
public static class Workspace
{
    /// <summary>Creates the workspace if it is missing and checks that it is writable.</summary>
    /// <param name="path">The path as the host gave it.</param>
    /// <returns>Why the turn is refused, or null if the workspace can be used.</returns>
    public static TurnRefusal? Prepare(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return TurnRefusal.WorkspaceRequired;
        }

        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return new TurnRefusal(
                TurnRefusalReason.WorkspaceNotAbsolute,
                $"codex: workspace \"{path}\" is not an absolute path; give one that starts with /"
            );
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

    private static TurnRefusal NotWritable(string path, string why) =>
        new(
            TurnRefusalReason.WorkspaceNotWritable,
            $"codex: workspace {path} cannot be used: {why}; make it a directory that this user may write to, or name another one"
        );
}
