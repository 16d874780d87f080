namespace FakeCodex;

/// <summary>Files that one process at a time has open. .NET takes an exclusive <c>flock</c> for them, as codex does.</summary>
internal static class Exclusive
{
    /// <summary>Opens or creates a file and waits until nobody else has it.</summary>
    public static FileStream Open(string path)
    {
        for (; ; Pause.Briefly())
        {
            if (TryOpen(path) is { } file)
            {
                return file;
            }
        }
    }

    /// <summary>The same, or null when somebody else has it.</summary>
    public static FileStream? TryOpen(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
