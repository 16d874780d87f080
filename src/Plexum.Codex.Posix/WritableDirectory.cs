namespace Plexum.Codex.Posix;

/// <summary>Checks whether a directory is writable by creating a file in it.</summary>
public static class WritableDirectory
{
    /// <summary>Creates the directory if it is missing, for its owner only, and a temporary file in it.</summary>
    /// <returns>Why it is not writable, or null if it is.</returns>
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
