using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>
/// Checks the setting that names codex. A service does not have the shell's PATH, so the setting has to be an absolute path.
/// </summary>
internal static class BinaryStep
{
    private const string Key = "plexum.codex.binary";

    /// <param name="profile">The profile with the settings.</param>
    /// <param name="binary">The absolute path of codex.</param>
    /// <exception cref="CodexException">The settings file cannot be read.</exception>
    public static InstallStep Look(Profile profile, string binary)
    {
        var file = profile.SettingsFile;
        var line = $"{Key} = {HoconWriter.Quoted(binary)}";
        var text = ConfigurationText.ReadIfThere(file);
        var layer = SettingsSources.File(SettingsSources.BuiltIn(), file);
        if (layer?.Document.Find(Key) is not { } value)
        {
            return Missing(file, text, line);
        }

        var set = value.Text ?? "";
        return Path.IsPathFullyQualified(set)
            ? new InstallStep(
                InstallState.Done,
                set == binary
                    ? $"the setting {line} in {file}"
                    : $"the setting {Key} = \"{set}\" in {file}; this shell finds codex as {binary}"
            )
            : new InstallStep(
                InstallState.Conflict,
                $"{layer.Place(Key)} has {Key} = \"{set}\", which was not changed. A service does not have this shell's PATH and would "
                    + $"not find it. Change it to this by hand, then run the command again:\n    {line}"
            );
    }

    private static InstallStep Missing(string file, string? text, string line)
    {
        var added = (text is { Length: > 0 } && !text.EndsWith('\n') ? "\n" : "") + line + "\n";
        if (text is not null && !CanFollow(file, text + added))
        {
            return new InstallStep(
                InstallState.Conflict,
                $"A line cannot be appended to {file}. Add this to it by hand, then run the command again:\n    {line}"
            );
        }

        return new InstallStep(
            InstallState.Missing,
            $"the setting {line} {(text is null ? "in the new file" : "at the end of")} {file}",
            () => Write(file, added, isNew: text is null)
        );
    }

    // If the whole file is enclosed in braces, nothing may follow them.
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

            // The file may be a link, for example into a dotfiles repository; appending preserves it.
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The settings file {file} cannot be written: {e.Message}", e);
        }
    }
}
