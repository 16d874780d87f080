using System.Globalization;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// A rollout that somebody moved into the archive by hand. Codex does not know that, and refuses to bring it back (measured on 0.169.0 and
/// 0.171.0).
/// </summary>
public static class ArchivedRollout
{
    private const string Archive = "/archived_sessions/";
    private const string Name = "rollout-";
    private const string Day = "yyyy-MM-dd";

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
