using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// The moves of a restore, which are renames: what the profile has goes into <see cref="Aside"/>, and what was unpacked in
/// <see cref="Staging"/> comes in. Each name tells by where it is whether it was moved, so undoing may be repeated. File work.
/// </summary>
/// <param name="Profile">The profile.</param>
/// <param name="CodexHome">codex's home, an absolute path.</param>
/// <param name="Staging">The name of the directory in the profile in which the backup was unpacked.</param>
/// <param name="Aside">The name of the directory in the profile for what it had.</param>
/// <param name="Out">What is moved aside, by its path in the profile.</param>
/// <param name="In">What comes in.</param>
/// <param name="Rollouts">The rollouts that come into codex's home, by their path in it. Nothing had their names.</param>
internal sealed record RestoreMoves(
    Profile Profile,
    string CodexHome,
    string Staging,
    string Aside,
    ImmutableArray<string> Out,
    ImmutableArray<string> In,
    ImmutableArray<string> Rollouts
)
{
    private string StagingPath => Path.Combine(Profile.Root, Staging);

    private string AsidePath => Path.Combine(Profile.Root, Aside);

    /// <summary>Finds what cannot be renamed before anything is.</summary>
    /// <exception cref="CodexException">Something is on another file system.</exception>
    public void Check()
    {
        var own = DeviceOf(RealPath.OfDirectory(Profile.Root) ?? Profile.Root);
        foreach (var path in Out.Concat(In).Select(name => Path.Combine(Profile.Root, name)))
        {
            var parent = Path.GetDirectoryName(path)!;
            if (DeviceOf(path) is { } device && device != own)
            {
                throw Elsewhere(path);
            }

            if (DeviceOf(RealPath.Of(parent) ?? parent) is { } above && above != own)
            {
                throw Elsewhere(parent);
            }
        }
    }

    /// <summary>Does all of it.</summary>
    /// <exception cref="IOException">Something cannot be moved or copied; what was moved before stays moved.</exception>
    public void Do()
    {
        foreach (var name in Rollouts)
        {
            CopyRollout(name);
        }

        foreach (var name in Out)
        {
            Rename(Path.Combine(Profile.Root, name), Path.Combine(AsidePath, name));
        }

        foreach (var name in In)
        {
            Rename(Path.Combine(StagingPath, "profile", name), Path.Combine(Profile.Root, name));
        }

        AtomicFile.FlushDirectory(Profile.Root);
    }

    /// <summary>Undoes what was done of it.</summary>
    /// <exception cref="IOException">Something cannot be moved back; calling it again goes on.</exception>
    public void Undo()
    {
        foreach (var name in In.Reverse())
        {
            var (source, target) = (Path.Combine(StagingPath, "profile", name), Path.Combine(Profile.Root, name));
            if (FileStatus.OfPath(source) is null && FileStatus.OfPath(target) is not null)
            {
                Rename(target, source);
            }
        }

        foreach (var name in Out.Reverse())
        {
            var (source, target) = (Path.Combine(AsidePath, name), Path.Combine(Profile.Root, name));
            if (FileStatus.OfPath(source) is not null)
            {
                Rename(source, target);
            }
        }

        foreach (var name in Rollouts)
        {
            RemoveRollout(name);
        }

        RemoveEmpty(AsidePath);
        AtomicFile.FlushDirectory(Profile.Root);
    }

    // codex's home may be on another disk. A rollout appears whole or not at all.
    private void CopyRollout(string name)
    {
        var target = Path.Combine(CodexHome, name);
        var directory = Path.GetDirectoryName(target)!;
        OwnerOnly.CreateDirectory(directory);
        var (real, home) = (RealPath.OfDirectory(directory), RealPath.OfDirectory(CodexHome));
        if (real is null || home is null || !RealPath.IsWithin(real, home))
        {
            throw new IOException($"{directory} leads out of codex's home; make it a directory in it.");
        }

        var unfinished = UnfinishedOf(target);
        File.Copy(Path.Combine(StagingPath, "codex", name), unfinished);
        using (var file = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        if (Libc.Rename(unfinished, target) != 0)
        {
            throw new IOException($"{unfinished} cannot be moved to {target}: {Libc.LastErrorText()}.");
        }

        AtomicFile.FlushDirectory(directory);
    }

    // One that has grown has a turn that is newer than the restore.
    private void RemoveRollout(string name)
    {
        var (source, target) = (Path.Combine(StagingPath, "codex", name), Path.Combine(CodexHome, name));
        if (Directory.Exists(Path.GetDirectoryName(target)))
        {
            File.Delete(UnfinishedOf(target));
            if (FileStatus.OfPath(source) is { } copied && FileStatus.OfPath(target)?.Length == copied.Length)
            {
                File.Delete(target);
            }
        }
    }

    private string UnfinishedOf(string rollout) => $"{rollout}{Staging}.tmp";

    private static void Rename(string from, string to)
    {
        // Every command makes an empty directory of the agents.
        if (FileStatus.OfPath(to) is { Kind: FileKind.Directory } && !Directory.EnumerateFileSystemEntries(to).Any())
        {
            Directory.Delete(to);
        }

        if (FileStatus.OfPath(to) is not null)
        {
            throw new IOException($"{from} cannot be moved to {to}: something is there.");
        }

        OwnerOnly.CreateDirectory(Path.GetDirectoryName(to)!);
        if (Libc.Rename(from, to) != 0)
        {
            throw new IOException($"{from} cannot be moved to {to}: {Libc.LastErrorText()}.");
        }

        AtomicFile.FlushDirectory(Path.GetDirectoryName(to)!);
    }

    private static void RemoveEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Any())
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Of directories alone: on some file systems (overlayfs), a file has not the device of its directory.
    private static (uint Major, uint Minor)? DeviceOf(string path) =>
        FileStatus.OfPath(path) is { Kind: FileKind.Directory } status ? (status.DeviceMajor, status.DeviceMinor) : null;

    private CodexException Elsewhere(string path) =>
        new(
            $"{path} is on another file system than the profile {Profile.Root}, for example as a mount point, so a restore cannot move it "
                + "in one step. Unmount it, or restore into another profile. Nothing was changed."
        );
}
