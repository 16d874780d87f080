using System.Text;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// The names of <c>codex exec</c> and of rollouts for those of the server: <c>command_execution</c> for <c>commandExecution</c>.
/// </summary>
internal static class SnakeCase
{
    /// <summary>The name with an underscore and a small letter for each capital one.</summary>
    public static string Of(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            _ = char.IsAsciiLetterUpper(c) && snake.Length > 0 ? snake.Append('_').Append(char.ToLowerInvariant(c)) : snake.Append(c);
        }

        return snake.ToString();
    }
}
