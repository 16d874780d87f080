using System.Collections.Immutable;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Archiving;

/// <summary>
/// Finds which of codex's files belong to threads: their rollouts, compressed or not, and those that a fork continues (its parent's and so
/// on), because since 0.169.0 a fork has no copy of them. codex makes its indexes anew out of the rollouts. File work.
/// </summary>
/// <param name="codexHome">codex's home.</param>
/// <param name="profile">The root of the profile, in which compressed rollouts are unpacked to read their first record.</param>
/// <param name="limits">The limit of the unpacked length.</param>
public sealed class ThreadFiles(string codexHome, string profile, RolloutLimits limits)
{
    // Links are never followed, as in the search for a single rollout.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>The files of threads, sorted by name. A thread without any is left out.</summary>
    /// <param name="threads">The threads.</param>
    /// <exception cref="IOException">codex's home cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read codex's home.</exception>
    public ImmutableArray<ThreadFile> Find(IEnumerable<ThreadId> threads)
    {
        var all = All().ToLookup(file => file.Thread);
        var found = new Dictionary<ThreadId, ImmutableArray<ThreadFile>>();
        var wanted = new Queue<ThreadId>(threads);
        while (wanted.TryDequeue(out var thread))
        {
            if (found.ContainsKey(thread))
            {
                continue;
            }

            found[thread] = [.. all[thread]];
            foreach (var parent in found[thread].Select(ParentOf).OfType<ThreadId>())
            {
                wanted.Enqueue(parent);
            }
        }

        return [.. found.Values.SelectMany(files => files).OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>Whether a name in codex's home is one of a rollout, in a directory where codex looks for them.</summary>
    /// <param name="name">The path in codex's home.</param>
    public static bool IsRollout(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RolloutName.ThreadOf(name) is not null
            && ThreadFile.Directories.Any(directory => name.StartsWith(directory + "/", StringComparison.Ordinal));
    }

    private IEnumerable<ThreadFile> All() =>
        ThreadFile
            .Directories.Select(directory => Path.Combine(codexHome, directory))
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "rollout-*", Everything))
            .Select(path => (Path: path, Thread: RolloutName.ThreadOf(path)))
            .Where(file => file.Thread is not null)
            .Select(file => new ThreadFile(file.Thread!.Value, file.Path, Path.GetRelativePath(codexHome, file.Path)));

    // What cannot be read has no parent that anybody could know of; it is in the backup as it is.
    private ThreadId? ParentOf(ThreadFile file)
    {
        try
        {
            using var rollout = OpenRollout.TryOpen(file.Path, OpenRollout.ScratchOf(profile), limits, out _);
            return rollout is null ? null : RolloutOrigin.Of(rollout.File)?.Parent;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
