namespace Plexum.Codex.Host.Commands.Arguments;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
internal static class Closest
{
    // As many letters of a beginning say enough.
    private const int MinStart = 3;

    /// <summary>The most similar of some names; null if none is similar enough to be meant.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="names">The names that there are.</param>
    public static string? To(string name, IEnumerable<string> names)
    {
        var word = Bare(name);
        return names
            .Select(candidate => (Name: candidate, Distance: Distance(word, Bare(candidate))))
            .Where(found => found.Distance <= Math.Max(1, word.Length / 3) || IsStart(word, Bare(found.Name)))
            .OrderBy(found => found.Distance)
            .ThenBy(found => found.Name, StringComparer.Ordinal)
            .Select(found => found.Name)
            .FirstOrDefault();
    }

    /// <summary>How many letters have to be added, removed, replaced or swapped with their neighbour to make one text the other.</summary>
    public static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Changed(i, j), Swapped(i, j));
            }
        }

        return rows[one.Length, other.Length];

        int Changed(int i, int j) =>
            Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));

        int Swapped(int i, int j) =>
            i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] ? rows[i - 2, j - 2] + 1 : int.MaxValue;
    }

    private static bool IsStart(string word, string name) => word.Length >= MinStart && name.StartsWith(word, StringComparison.Ordinal);

    private static string Bare(string name) => name.TrimStart('-').ToLowerInvariant();
}
