using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>Checks the unit's file.</summary>
internal static class UnitStep
{
    /// <summary>The directory of a user's own units.</summary>
    /// <exception cref="CodexException">There is no home directory.</exception>
    public static string DirectoryOf(string? configHome, string? home) =>
        configHome is { Length: > 0 } && Path.IsPathFullyQualified(configHome) ? Path.Combine(configHome, "systemd", "user")
        : home is { Length: > 0 } ? Path.Combine(home, ".config", "systemd", "user")
        : throw new CodexException("There is no home directory for the unit; set HOME or XDG_CONFIG_HOME.");

    public static InstallStep Look(string path, ServiceUnit unit)
    {
        var text = unit.Render();
        if (Read(path) is not { } found)
        {
            return new InstallStep(InstallState.Missing, $"the unit {path}:\n{Indent(text)}", () => Write(path, text));
        }

        return found == text
            ? new InstallStep(InstallState.Done, $"the unit {path}")
            : new InstallStep(
                InstallState.Conflict,
                $"The unit {path} already exists and was not changed:\n{Indent(found)}\nIt should be:\n{Indent(text)}\n"
                    + "Remove it or change it by hand, then run the command again."
            );
    }

    private static string? Read(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem);
        if (file is not null)
        {
            using var stream = new FileStream(file, FileAccess.Read);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }

        // A link to nothing would not be overwritten either.
        problem ??= FileStatus.OfPath(path) is null ? null : "it is a link to a file that does not exist";
        return problem is null ? null : throw new CodexException($"The unit {path} cannot be used: {problem}. Nothing was changed.");
    }

    private static void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Create(path, Encoding.UTF8.GetBytes(text), durable: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The unit {path} cannot be written: {e.Message}", e);
        }
    }

    private static string Indent(string text) => "    " + VisibleText.Of(text).TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal);
}
