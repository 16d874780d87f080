using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Plugin;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Installation;

/// <summary>
/// The plugin's directory in a profile. Each version of the program lies below <c>versions</c>, is named by its content and never changed, so
/// that what runs from one goes on with the files that it was started with. The names beside it are links to the one that counts, and are
/// replaced each in one step. What else lies there, <c>config.json</c> above all, is left alone.
/// </summary>
/// <param name="path">The directory.</param>
internal sealed class PluginFolder(string path)
{
    private const string Versions = "versions";
    private const string Program = "plexum-codex";

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>That of a profile.</summary>
    public static PluginFolder Of(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new PluginFolder(System.IO.Path.GetDirectoryName(profile.PluginConfigFile)!);
    }

    /// <summary>The name under which a program can be started also after its version was replaced.</summary>
    /// <param name="program">Its absolute path.</param>
    public static string LastingName(string program)
    {
        var versions = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(program));
        return versions is not null && System.IO.Path.GetFileName(versions) == Versions
            && System.IO.Path.Combine(System.IO.Path.GetDirectoryName(versions)!, System.IO.Path.GetFileName(program)) is var name && File.Exists(name)
                ? name
                : program;
    }

    /// <summary>Puts a program there. Cut off at any point it leaves the version before, or this one.</summary>
    /// <param name="source">The directory of the program, with all that it needs.</param>
    /// <param name="manifest">What the host finds beside it.</param>
    /// <exception cref="CodexException">It cannot be installed; the message says why.</exception>
    public InstalledPlugin Install(string source, PluginManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Check(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(source)));
        try
        {
            var versions = Directory.CreateDirectory(System.IO.Path.Combine(path, Versions)).FullName;
            using var alone = AgentLock.TryAcquire(System.IO.Path.Combine(versions, ".lock"), out var holder)
                ?? throw new CodexException($"Another installation into {path} is under way: {holder}. Try again when it is done.");
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
            throw new CodexException($"The plugin cannot be installed into {path}: {e.Message} What was installed before is as it was.", e);
        }
    }

    private void Check(string source)
    {
        if (!File.Exists(System.IO.Path.Combine(source, Program)))
        {
            throw new CodexException($"{source} has no {Program}; give the directory that \"build.sh publish\" has made.");
        }

        if ((path + "/").StartsWith(source + "/", StringComparison.Ordinal))
        {
            throw new CodexException($"{path} lies in {source}, so nothing can be installed there from it; run this from a copy of the program elsewhere.");
        }
    }

    // There is no moment without the name.
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

/// <summary>What was installed.</summary>
/// <param name="Version">The name of the version.</param>
/// <param name="InUse">Older versions that something still runs from; the next installation removes those that nothing does any more.</param>
internal sealed record InstalledPlugin(string Version, ImmutableArray<string> InUse);
