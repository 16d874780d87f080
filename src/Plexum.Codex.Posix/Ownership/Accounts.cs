using System.Globalization;

namespace Plexum.Codex.Posix.Ownership;

/// <summary>
/// The users and groups that two files list, usually <c>/etc/passwd</c> and <c>/etc/group</c>. Those of a directory service are not
/// listed there, so nothing is known of them.
/// </summary>
/// <param name="users">The file of the users, as in passwd(5).</param>
/// <param name="groups">The file of the groups, as in group(5).</param>
public sealed class Accounts(string users, string groups)
{
    private const uint Root = 0;

    /// <summary>Those of this machine.</summary>
    public static Accounts OfMachine { get; } = new("/etc/passwd", "/etc/group");

    /// <summary>A user as part of a sentence: <c>bob (1001)</c>, or <c>1001</c> if it has no known name.</summary>
    public string Describe(uint user)
    {
        var number = user.ToString(CultureInfo.InvariantCulture);
        return Users().FirstOrDefault(other => other.Id == user) is { Name: { } name } ? $"{name} ({number})" : number;
    }

    /// <summary>
    /// Whether only a user, or root, is in a group, as in the groups that Debian, Ubuntu and Fedora create for each user. A group without
    /// members does not count: it belongs to programs that run with its rights.
    /// </summary>
    public bool IsPrivate(uint group, uint user)
    {
        var all = Users().ToArray();
        var byName = Members(group);
        return all.Where(other => other.Group == group).All(IsAllowed)
            && byName.All(name => all.Any(other => other.Name == name && IsAllowed(other)))
            && (byName.Length > 0 || all.Any(other => other.Group == group));

        bool IsAllowed(User other) => other.Id == user || other.Id == Root;
    }

    // name:password:id:group:…
    private IEnumerable<User> Users()
    {
        foreach (var fields in Lines(users).Where(fields => fields.Length > 3))
        {
            if (Number(fields[2]) is { } id && Number(fields[3]) is { } group)
            {
                yield return new User(fields[0], id, group);
            }
        }
    }

    // name:password:id:member,member
    private string[] Members(uint group) =>
        [
            .. Lines(groups)
                .Where(fields => fields.Length > 3 && Number(fields[2]) == group)
                .SelectMany(fields => fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ];

    private static string[][] Lines(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Select(line => line.Split(':'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it nothing is known of anybody, and no group counts as private.
            return [];
        }
    }

    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record User(string Name, uint Id, uint Group);
}
