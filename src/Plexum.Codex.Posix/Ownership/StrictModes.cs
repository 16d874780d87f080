using System.Globalization;

namespace Plexum.Codex.Posix.Ownership;

/// <summary>
/// Who else could change what a path leads to, judged as sshd does under StrictModes (<c>safe_path</c> in OpenSSH's misc.c): the file and
/// every directory above it must belong to the user or to root, and neither group nor others may write to them. There are three
/// differences. sshd resolves links first and stops at the home directory; here each link on the way is a step as well, and the way starts
/// at the root. Directories with the sticky bit may be on the way, since only its owner can rename or remove a file there. And, as in
/// Debian's sshd, a group may write that nobody else is in.
/// </summary>
public static class StrictModes
{
    private const uint Root = 0;
    private const uint OthersWrite = 2;
    private const uint GroupWrites = 2 << 3;
    private const uint Sticky = 1 << 9;

    private static readonly Lazy<uint?> Unmapped = new(ReadUnmapped);

    /// <summary>How somebody other than a user and root could change what is at a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="user">The user.</param>
    /// <param name="isOnTheWay">
    /// Whether it is only a part of the way, where the sticky bit protects the names in a directory. In a user namespace, whose root is not
    /// the machine's, it may then also belong to somebody outside: whoever made the namespace chose what is on the way.
    /// </param>
    /// <param name="accounts">The users and groups.</param>
    public static Exposure Judge(PathStep step, uint user, bool isOnTheWay, Accounts accounts)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(accounts);
        var status = step.Status;
        var mode = status.Permissions;
        if (status.Owner != user && status.Owner != Root && !(isOnTheWay && IsOutside(status)))
        {
            return Exposure.Owner;
        }

        // Nobody can write to a link.
        if (status.Kind == FileKind.Link || (mode & (OthersWrite | GroupWrites)) == 0)
        {
            return Exposure.None;
        }

        if (isOnTheWay && status.Kind == FileKind.Directory && (mode & Sticky) != 0)
        {
            return Exposure.None;
        }

        return (mode & OthersWrite) == 0 && accounts.IsPrivate(status.Group, user) && !AccessList.IsAt(step.Path)
            ? Exposure.PrivateGroup
            : Exposure.Mode;
    }

    private static bool IsOutside(FileStatus status) =>
        status.Kind is FileKind.Directory or FileKind.Link && status.Owner == Unmapped.Value;

    // user_namespaces(7): the machine's own namespace maps every user; in any other, those without a number have this one.
    private static uint? ReadUnmapped()
    {
        const string EveryUser = "4294967295";
        try
        {
            return File.ReadAllText("/proc/self/uid_map").Contains(EveryUser, StringComparison.Ordinal)
                ? null
                : uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid").Trim(), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Without /proc it is taken for the machine's own.
            return null;
        }
    }
}
