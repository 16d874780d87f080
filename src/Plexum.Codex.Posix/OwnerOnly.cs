namespace Plexum.Codex.Posix;

/// <summary>Creates files and directories that only their owner can access.</summary>
public static class OwnerOnly
{
    private const UnixFileMode ReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a directory and its parents, mode 0700; existing ones are left unchanged.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, ReadAndWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Creates a file with mode 0600; fails if it exists, even as a link.</summary>
    public static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = ReadAndWrite;
        }

        return new FileStream(path, options);
    }
}
