namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// Keys joined with dots. A key in double quotes may contain dots; double quotes and backslashes in it are escaped with a backslash.
/// </summary>
internal static class HoconPath
{
    /// <summary>The path of <paramref name="key"/> below <paramref name="parent"/>, which is empty for the root.</summary>
    public static string Join(string parent, string key)
    {
        var name =
            key.Length == 0 || key.AsSpan().ContainsAny('.', '"')
                ? $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                : key;
        return parent.Length == 0 ? name : $"{parent}.{name}";
    }

    /// <summary>The keys of a path.</summary>
    /// <exception cref="ArgumentException">A quote is not closed.</exception>
    public static IEnumerable<string> Split(string path)
    {
        for (var start = 0; start < path.Length; start++)
        {
            if (path[start] == '"')
            {
                yield return Quoted(path, ref start);
                continue;
            }

            var end = path.IndexOf('.', start) is var dot and >= 0 ? dot : path.Length;
            yield return path[start..end];
            start = end;
        }
    }

    /// <summary>Reads the quoted key at <paramref name="at"/> and moves it past the closing quote.</summary>
    private static string Quoted(string path, ref int at)
    {
        var key = new System.Text.StringBuilder();
        for (at++; at < path.Length && path[at] != '"'; at++)
        {
            if (path[at] == '\\' && at + 1 < path.Length)
            {
                at++;
            }

            key.Append(path[at]);
        }

        return at++ < path.Length
            ? key.ToString()
            : throw new ArgumentException($"The path {path} has an unclosed double quote", nameof(path));
    }
}
