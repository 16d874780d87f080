namespace Plexum.Codex.Host.Configuration;

/// <summary>Finds out whether files can be made in a directory by making one.</summary>
public static class WritableDirectory
{
    /// <summary>Creates the directory where it is missing, for its owner only, and a file in it that does not stay.</summary>
    /// <returns>Why it cannot be written to, or null.</returns>
    public static string? WhyNot(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var probe = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.EndsWith('.') ? e.Message : e.Message + ".";
        }
    }
}
