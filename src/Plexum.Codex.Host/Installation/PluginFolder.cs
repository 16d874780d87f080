using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>
/// The plugin's directory in a profile. Each version of the program is below <c>versions</c>, named by a hash of its content and never
/// changed, so a running program keeps the files it was started with. The programs in the directory itself are links to the current
/// version, each replaced atomically. Other files, above all <c>config.json</c>, are left alone.
/// </summary>
/// <param name="path">The directory.</param>
internal sealed class PluginFolder(string path)
{
    private const string Versions = "versions";
    private const string Program = "plexum-codex";

    /// <summary>The directory.</summary>
    public string Path => path;

    /// <summary>The plugin's directory in a profile.</summary>
    public static PluginFolder Of(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new PluginFolder(System.IO.Path.GetDirectoryName(profile.PluginConfigFile)!);
    }

    /// <summary>The path under which a program can still be started after its version was replaced.</summary>
    /// <param name="program">The program's absolute path.</param>
    public static string LastingName(string program)
    {
        var versions = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(program));
        return
            versions is not null
            && System.IO.Path.GetFileName(versions) == Versions
            && System.IO.Path.Combine(System.IO.Path.GetDirectoryName(versions)!, System.IO.Path.GetFileName(program)) is var name
            && File.Exists(name)
            ? name
            : program;
    }

    /// <summary>Installs a program. If interrupted at any point, it leaves either the previous version or this one.</summary>
    /// <param name="source">The program's directory, with everything it needs.</param>
    /// <param name="manifest">The manifest for the host.</param>
    /// <exception cref="CodexException">It cannot be installed; the message says why.</exception>
    public InstalledPlugin Install(string source, PluginManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Check(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(source)));
        try
        {
            var versions = Directory.CreateDirectory(System.IO.Path.Combine(path, Versions)).FullName;
            using var alone = FileLock.TryAcquire(System.IO.Path.Combine(versions, ".lock"), out var holder)
                ?? throw new CodexException($"Another installation into {path} is running: {holder}. Try again when it has finished.");
            ProgramVersion.RemoveLeftovers(versions);
            var version = ProgramVersion.Copy(source, versions, [Program, PlexumMethods.Executable]);
            foreach (var name in new[] { Program, PlexumMethods.Executable })
            {
                Link(name, System.IO.Path.Combine(Versions, version, name));
            }

            AtomicFile.Write(System.IO.Path.Combine(path, PluginManifest.FileName), manifest.ToFile());
            return new InstalledPlugin(version, ProgramVersion.RemoveUnused(versions, version));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The plugin cannot be installed into {path}: {e.Message} The previous installation is unchanged.", e);
        }
    }

    private void Check(string source)
    {
        if (!File.Exists(System.IO.Path.Combine(source, Program)))
        {
            throw new CodexException($"{source} has no {Program}; give the directory that \"build.sh publish\" created.");
        }

        if ((path + "/").StartsWith(source + "/", StringComparison.Ordinal))
        {
            throw new CodexException(
                $"{path} is inside {source} and cannot be installed from there; run this from a copy of the program elsewhere."
            );
        }
    }

    // The rename is atomic, so the link always exists.
    private void Link(string name, string target)
    {
        var link = System.IO.Path.Combine(path, name);
        var temporary = $"{link}.{Guid.NewGuid():N}.tmp";
        File.CreateSymbolicLink(temporary, target);
        try
        {
            File.Move(temporary, link, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

/// <summary>The result of an installation.</summary>
/// <param name="Version">The name of the version.</param>
/// <param name="InUse">Older versions that are still running. A later installation removes them once they are not.</param>
internal sealed record InstalledPlugin(string Version, ImmutableArray<string> InUse);
