namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>Finds the one id that a text is, or begins.</summary>
internal static class Prefixes
{
    /// <summary>What stands for the newest.</summary>
    public const string Last = "last";

    private const int MaxListed = 10;

    /// <summary>The id; null if none is so or begins so.</summary>
    /// <param name="what">What the ids name, for the message.</param>
    /// <param name="text">The text.</param>
    /// <param name="ids">The ids, each once; those that do not begin with the text are ignored.</param>
    /// <param name="describe">What a person tells the id's owner by, or null.</param>
    /// <exception cref="CodexException">Several ids begin so; the message lists them.</exception>
    public static string? Find(string what, string text, IEnumerable<string> ids, Func<string, string>? describe = null)
    {
        string[] found = [.. ids.Where(id => id.StartsWith(text, StringComparison.Ordinal))];
        return found switch
        {
            [] => null,
            [var only] => only,
            _ when found.Contains(text, StringComparer.Ordinal) => text,
            _ => throw new CodexException(
                $"\"{text}\" is the beginning of several {what}; give more of it. There are:\n  "
                    + string.Join("\n  ", found.Take(MaxListed).Select(id => describe is null ? id : $"{id}  {describe(id)}"))
                    + (found.Length > MaxListed ? "\n  and more" : "")
            ),
        };
    }
}
