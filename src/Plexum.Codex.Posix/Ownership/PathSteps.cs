namespace Plexum.Codex.Posix.Ownership;

/// <summary>The kernel's way along a path, a step for each directory, each link and what is at the end.</summary>
public static class PathSteps
{
    // The kernel's own limit: path_resolution(7).
    private const int MaxLinks = 40;

    /// <summary>Walks along a path. The way ends early where nothing is there, or where this process may not look.</summary>
    /// <param name="path">The path; a relative one starts in the current directory.</param>
    /// <exception cref="IOException">It leads through too many links.</exception>
    public static IEnumerable<PathStep> Of(string path)
    {
        var names = new Stack<string>();
        Push(names, Path.GetFullPath(path));
        var (place, links) = ("/", 0);
        for (string? name = "."; name is not null; name = names.TryPop(out var next) ? next : null)
        {
            var here = name switch
            {
                "." => place,
                ".." => Path.GetDirectoryName(place) ?? "/",
                _ => Path.Combine(place, name),
            };
            if (FileStatus.OfPath(here) is not { } status)
            {
                yield break;
            }

            var isLink = status.Kind == FileKind.Link;
            yield return new PathStep(here, status, !isLink && names.Count == 0);
            if (!isLink)
            {
                place = here;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} leads through more than {MaxLinks} links.");
            }

            // It may have been removed in the meantime.
            var target = new FileInfo(here).LinkTarget ?? "";
            Push(names, target);
            if (Path.IsPathRooted(target))
            {
                place = "/";
                names.Push(".");
            }
        }
    }

    private static void Push(Stack<string> names, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            names.Push(parts[i]);
        }
    }
}
