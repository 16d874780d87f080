using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// A rollout in codex's archive. If somebody moved it there by hand, codex does not know that, and refuses to bring it back (measured on
/// 0.169.0 and 0.171.0).
/// </summary>
public static class ArchivedRollout
{
    private const string Archive = "/archived_sessions/";
    private const string Name = "rollout-";
    private const string Day = "yyyy-MM-dd";

    /// <summary>Finds the rollout of a thread in codex's archive.</summary>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="thread">The thread.</param>
    /// <returns>Null if it is not there.</returns>
    /// <exception cref="IOException">The archive cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The archive may not be read.</exception>
    public static string? Find(string codexHome, ThreadId thread)
    {
        var archive = Path.Combine(codexHome, "archived_sessions");

        // A link to a disk that is not mounted is no missing archive.
        return FileStatus.OfPath(archive) is null
            ? null
            : RolloutSearch.In(archive).FirstOrDefault(path => RolloutName.ThreadOf(path) == thread);
    }

    /// <summary>The command for a shell that moves it back to where codex looks for it.</summary>
    /// <param name="path">The rollout in the archive.</param>
    /// <returns>Null if its name does not tell its day.</returns>
    public static string? CommandToMoveBack(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var home = path.LastIndexOf(Archive, StringComparison.Ordinal);
        var name = Path.GetFileName(path);
        if (
            home < 0
            || name.Length < Name.Length + Day.Length
            || !DateOnly.TryParseExact(
                name.AsSpan(Name.Length, Day.Length),
                Day,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
        {
            return null;
        }

        var directory = ShellPath.Quote($"{path[..home]}/sessions/{day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture)}");
        return $"mkdir -p {directory} && mv -n {ShellPath.Quote(path)} {directory}";
    }
}
