namespace Plexum.Codex.Host.Configuration;

/// <summary>Reads configuration files that need not be there.</summary>
internal static class ConfigurationText
{
    /// <summary>The text of a file; null where there is none.</summary>
    /// <exception cref="ConfigurationProblemsException">There is something and it cannot be read.</exception>
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
            throw new ConfigurationProblemsException([Directory.Exists(path)
                ? $"{path} is a directory; a file with settings is expected there, or nothing."
                : $"{path} cannot be read: {e.Message} Give this user the right to read it, or remove it."]);
        }
    }
}
