using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Installation;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Units;

/// <summary>A systemd unit of this user that <c>plexum-codex install</c> has written.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record UnitFile(string Path)
{
    private const string FirstLine = "# Written by \"plexum-codex install\"";
    private const string Variable = "Environment=\"" + Profile.RootVariable + "=";

    /// <summary>Its name, as systemctl takes it.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The units that run the daemon of a profile, by name.</summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="CodexException">The user's directory of units cannot be read.</exception>
    public static ImmutableArray<UnitFile> Of(Profile profile)
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        return string.IsNullOrEmpty(home)
            ? []
            : Of(profile, UnitStep.DirectoryOf(Environment.GetEnvironmentVariable("XDG_CONFIG_HOME"), home), home);
    }

    /// <inheritdoc cref="Of(Profile)"/>
    /// <param name="profile">The profile.</param>
    /// <param name="directory">The directory of the user's units.</param>
    /// <param name="home">The user's home, which has the profile of a unit that names none.</param>
    internal static ImmutableArray<UnitFile> Of(Profile profile, string directory, string home)
    {
        try
        {
            return Directory.Exists(directory)
                ?
                [
                    .. Directory
                        .EnumerateFiles(directory, "*.service")
                        .Order(StringComparer.Ordinal)
                        .Where(path => ProfileOf(path, home) == profile.Root)
                        .Select(path => new UnitFile(path)),
                ]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The units in {directory} cannot be read: {e.Message}", e);
        }
    }

    // Null for a unit that is not ours, or that cannot be read. What is here undoes the quotes of ServiceUnit.
    private static string? ProfileOf(string path, string home)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out _);
        if (file is null)
        {
            return null;
        }

        using var reader = new StreamReader(new FileStream(file, FileAccess.Read), Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n');
        if (!lines[0].StartsWith(FirstLine, StringComparison.Ordinal))
        {
            return null;
        }

        var named = lines.FirstOrDefault(line => line.StartsWith(Variable, StringComparison.Ordinal) && line.EndsWith('"'));
        return named is null ? System.IO.Path.Combine(home, Profile.DefaultName) : Unquote(named[Variable.Length..^1]);
    }

    private static string Unquote(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            // A backslash escapes what follows, and a percent sign stands for itself twice.
            i += text[i] is '\\' or '%' && i + 1 < text.Length ? 1 : 0;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
