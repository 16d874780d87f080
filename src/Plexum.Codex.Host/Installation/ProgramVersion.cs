using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>Directories with one version of the program each, named by a hash of their content.</summary>
internal static class ProgramVersion
{
    private const string Unfinished = ".new-";
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Copies a program into a directory named by its content. The name appears only when the copy is complete.</summary>
    /// <param name="source">The program's directory.</param>
    /// <param name="versions">The directory of the versions.</param>
    /// <param name="executables">Its executables. A missing one becomes a copy of the first, which acts according to its name.</param>
    /// <returns>The name of the version.</returns>
    public static string Copy(string source, string versions, ReadOnlySpan<string> executables)
    {
        var copy = Path.Combine(versions, $"{Unfinished}{Guid.NewGuid():N}");
        CopyFiles(source, copy);
        foreach (var name in executables)
        {
            var file = Path.Combine(copy, name);
            if (!File.Exists(file))
            {
                File.Copy(Path.Combine(copy, executables[0]), file);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) | Execute);
            }
        }

        var version = NameOf(copy);
        var place = Path.Combine(versions, version);
        if (!Directory.Exists(place))
        {
            Directory.Move(copy, place);
        }
        else if (NameOf(place) == version)
        {
            Directory.Delete(copy, recursive: true);
        }
        else
        {
            // Its files were changed since; replace them.
            Directory.Move(place, Path.Combine(versions, $"{Unfinished}{Guid.NewGuid():N}"));
            Directory.Move(copy, place);
        }

        return version;
    }

    /// <summary>Removes what interrupted installations left behind.</summary>
    public static void RemoveLeftovers(string versions)
    {
        foreach (var leftover in Directory.EnumerateDirectories(versions, Unfinished + "*").ToList())
        {
            Directory.Delete(leftover, recursive: true);
        }
    }

    /// <summary>Removes all versions except the current one and those that a process of this user is running.</summary>
    /// <returns>The names of the versions still running.</returns>
    public static ImmutableArray<string> RemoveUnused(string versions, string current)
    {
        var others = Directory
            .EnumerateDirectories(versions)
            .Select(directory => Path.GetFileName(directory)!)
            .Where(name => name != current)
            .ToList();
        var used =
            others.Count == 0
                ? []
                : MapsOfProcesses()
                    .SelectMany(map => others.Where(name => map.Contains($"/{name}/", StringComparison.Ordinal)))
                    .ToHashSet();
        used.UnionWith(others.Where(name => ProgramMark.IsSet(Path.Combine(versions, name))));
        foreach (var name in others.Where(name => !used.Contains(name)))
        {
            Directory.Delete(Path.Combine(versions, name), recursive: true);
        }

        return [.. used.Order(StringComparer.Ordinal)];
    }

    private static void CopyFiles(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var directory in Directory.EnumerateDirectories(source))
        {
            CopyFiles(directory, Path.Combine(target, Path.GetFileName(directory)));
        }

        foreach (var file in Directory.EnumerateFiles(source))
        {
            RequireFile(file);
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }

    private static string NameOf(string directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            RequireFile(file);
            using var content = File.OpenRead(file);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, file) + "\n"));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Reading a pipe would wait for a writer, and a device may have no end. A link to nothing is left to the one who opens it.
    private static void RequireFile(string path)
    {
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (FileStatus.OfPath(target) is { Kind: not FileKind.Regular } status)
        {
            throw new IOException($"{path} is {status.Describe()}; a program consists of files and directories.");
        }
    }

    private static IEnumerable<string> MapsOfProcesses()
    {
        foreach (
            var process in Directory.EnumerateDirectories("/proc").Where(directory => char.IsAsciiDigit(Path.GetFileName(directory)[0]))
        )
        {
            string maps;
            try
            {
                maps = File.ReadAllText(Path.Combine(process, "maps"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended or belongs to another user.
                continue;
            }

            yield return maps;
        }
    }
}
