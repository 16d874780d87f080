namespace Plexum.Codex.Host.Configuration;

/// <summary>Reads optional configuration files.</summary>
internal static class ConfigurationText
{
    /// <summary>The text of a file; null if it does not exist.</summary>
    /// <exception cref="ConfigurationProblemsException">It exists but cannot be read.</exception>
    public static string? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblemsException([
                Directory.Exists(path)
                    ? $"{path} is a directory; replace it with a settings file, or remove it."
                    : $"{path} cannot be read: {e.Message} Let this user read it, or remove it.",
            ]);
        }
    }
}
