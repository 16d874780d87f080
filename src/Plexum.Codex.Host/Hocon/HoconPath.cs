namespace Akka.Configuration.Hocon;

/// <summary>Keys joined with dots; a key in double quotes may contain dots.</summary>
internal static class HoconPath
{
    /// <exception cref="ArgumentOutOfRangeException">A quote is not closed.</exception>
    public static IEnumerable<string> Split(string path)
    {
        for (var start = 0; start < path.Length;)
        {
            var quoted = path[start] == '"';
            if (quoted)
                start++;
            var end = path.IndexOf(quoted ? '"' : '.', start);
            if (end < 0 && quoted)
                throw new ArgumentOutOfRangeException(nameof(path), path, "A double quote in the configuration path is not closed.");
            if (end < 0)
                end = path.Length;
            yield return path[start..end];
            start = quoted ? end + 2 : end + 1;
        }
    }
}
