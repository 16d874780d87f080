using System.Collections.Immutable;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>Takes a plugin's program out of its directory: the links, the manifest and the versions that nothing runs.</summary>
internal static class PluginRemoval
{
    private static readonly string[] Names = ["plexum-codex", "plexum-openai-provider-plugin", "manifest.json"];

    /// <summary>Whether there is anything to remove.</summary>
    /// <param name="folder">The plugin's directory.</param>
    public static bool IsInstalled(PluginFolder folder) =>
        Directory.Exists(Path.Combine(folder.Path, "versions"))
        || Names.Any(name => FileStatus.OfPath(Path.Combine(folder.Path, name)) is not null);

    /// <summary>Removes it. <c>config.json</c> stays.</summary>
    /// <param name="folder">The plugin's directory.</param>
    /// <returns>The directories of versions that are still running, and stay.</returns>
    /// <exception cref="CodexException">It cannot be removed.</exception>
    public static ImmutableArray<string> Remove(PluginFolder folder)
    {
        try
        {
            foreach (var name in Names)
            {
                File.Delete(Path.Combine(folder.Path, name));
            }

            var versions = Path.Combine(folder.Path, "versions");
            if (!Directory.Exists(versions))
            {
                return [];
            }

            ProgramVersion.RemoveLeftovers(versions);
            var used = ProgramVersion.RemoveUnused(versions, current: "");
            if (used.IsEmpty)
            {
                Directory.Delete(versions, recursive: true);
            }

            return [.. used.Select(name => Path.Combine(versions, name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The plugin in {folder.Path} cannot be removed: {e.Message}", e);
        }
    }
}
