using System.Globalization;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Backups;

/// <summary>The names of the directories that a restore makes in the profile, in which a Plexum host has files of its own.</summary>
internal static partial class RestoreNames
{
    /// <summary>A new directory to unpack a backup in.</summary>
    public static string NewStaging() => $".restore-{Guid.NewGuid():N}";

    /// <summary>A new directory for what the profile had.</summary>
    public static string NewAside(DateTimeOffset now) =>
        $"replaced-{now.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>Whether a name is one of <see cref="NewStaging"/>.</summary>
    public static bool IsStaging(string name) => Staging().IsMatch(name);

    /// <summary>Whether a name is one of <see cref="NewAside"/>.</summary>
    public static bool IsAside(string name) => Aside().IsMatch(name);

    [GeneratedRegex(@"\A\.restore-[0-9a-f]{32}\z")]
    private static partial Regex Staging();

    [GeneratedRegex(@"\Areplaced-[0-9]{8}T[0-9]{6}-[0-9a-f]{6}\z")]
    private static partial Regex Aside();
}
