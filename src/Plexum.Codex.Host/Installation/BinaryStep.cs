using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Installation;

/// <summary>
/// Finds out about the setting that names codex. A service has not the PATH of the shell, so it gets the absolute path of the native
/// program.
/// </summary>
internal static class BinaryStep
{
    private const string Key = "plexum.codex.binary";

    /// <param name="profile">The profile whose settings are meant.</param>
    /// <param name="binary">The absolute path of codex.</param>
    /// <exception cref="CodexException">The user's file cannot be read.</exception>
    public static InstallStep Look(Profile profile, string binary)
    {
        var file = profile.SettingsFile;
        var line = $"{Key} = {HoconWriter.Quoted(binary)}";
        var text = ConfigurationText.ReadIfThere(file);
        var layer = text is null ? null : SettingsLayer.Parse(file, text, isFile: true);
        if (layer?.Document.Find(Key) is not { } value)
        {
            return Missing(file, text, line);
        }

        var set = value.Text ?? "";
        return Path.IsPathFullyQualified(set)
            ? new InstallStep(InstallState.Done, set == binary ? $"the setting {line} in {file}" : $"the setting {Key} = \"{set}\" in {file}; it is another codex than this shell's, {binary}")
            : new InstallStep(
                InstallState.Conflict,
                $"{layer.Place(Key)} has {Key} = \"{set}\" and is left as it is. A service has not the PATH of this shell and would not find that; it would be:\n    {line}\nChange it by hand, and run this again.");
    }

    private static InstallStep Missing(string file, string? text, string line)
    {
        var added = (text is { Length: > 0 } && !text.EndsWith('\n') ? "\n" : "") + line + "\n";
        if (text is not null && !CanFollow(file, text + added))
        {
            return new InstallStep(InstallState.Conflict, $"Nothing can be put behind what {file} has. Write this into it by hand, and run this again:\n    {line}");
        }

        return new InstallStep(InstallState.Missing, $"the setting {line} {(text is null ? "in the new file" : "at the end of")} {file}", () => Write(file, added, isNew: text is null));
    }

    // Where all of a file stands in braces nothing may follow them.
    private static bool CanFollow(string file, string text)
    {
        try
        {
            return SettingsLayer.Parse(file, text, isFile: true).Document.HasPath(Key);
        }
        catch (ConfigurationProblemsException)
        {
            return false;
        }
    }

    private static void Write(string file, string text, bool isNew)
    {
        try
        {
            if (isNew)
            {
                AtomicFile.Create(file, Encoding.UTF8.GetBytes(text), durable: true);
                return;
            }

            // The file may be a link into a collection of settings; putting a line behind it leaves that as it is.
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The settings {file} cannot be written: {e.Message}", e);
        }
    }
}
