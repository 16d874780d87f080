using System.Globalization;

namespace Plexum.Codex.Posix;

/// <summary>The process that holds a lock on a file, as far as the kernel reports it.</summary>
/// <param name="Pid">Its id; null if unknown.</param>
/// <param name="Name">Its name, made visible, since a process chooses its name itself; null if unknown.</param>
public sealed record LockHolder(int? Pid, string? Name)
{
    /// <summary>
    /// Finds the holder of a <c>flock</c> on a file in <c>/proc/locks</c>; null if there is none or it is unknown. Codex holds
    /// such a lock for each thread it writes: <c>$CODEX_HOME/thread-writer-locks/&lt;thread&gt;.lock</c> (measured on 0.169.0).
    /// </summary>
    public static LockHolder? Find(string path) => Find(path, fields => fields[1] == "FLOCK");

    /// <summary>Finds another process that holds a POSIX write lock on a file, the kind SQLite takes; null if there is none.</summary>
    /// <param name="path">The file.</param>
    public static LockHolder? FindWriter(string path) => FindWriters(path).FirstOrDefault();

    /// <summary>Finds all processes but this one that hold POSIX write locks on a file; none if they cannot be known.</summary>
    /// <param name="path">The file.</param>
    public static IEnumerable<LockHolder> FindWriters(string path)
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return FindAll(path, fields => fields[1] == "POSIX" && fields[3] == "WRITE" && fields[4] != own);
    }

    /// <summary>
    /// Finds another process that holds a POSIX lock of any kind on a file; null if there is none or it is unknown. Whoever has a SQLite
    /// database with a write-ahead log open holds one on its <c>-shm</c> file (unixLockSharedMemory in SQLite's os_unix.c).
    /// </summary>
    /// <param name="path">The file.</param>
    public static LockHolder? FindOther(string path)
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Find(path, fields => fields[1] == "POSIX" && fields[4] != own);
    }

    private static LockHolder? Find(string path, Func<string[], bool> isAsked) => FindAll(path, isAsked).FirstOrDefault();

    private static List<LockHolder> FindAll(string path, Func<string[], bool> isAsked)
    {
        var found = new List<LockHolder>();
        if (FileStatus.OfPath(path) is not { } status)
        {
            return found;
        }

        var file = string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor:x2}:{status.DeviceMinor:x2}:{status.Inode}");
        try
        {
            foreach (var line in File.ReadLines("/proc/locks"))
            {
                // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:123456 0 EOF      a waiting one has -> after the number
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (
                    fields.Length >= 6
                    && fields[5] == file
                    && isAsked(fields)
                    && int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                    && pid > 0
                )
                {
                    found.Add(Of(pid));
                }
            }
        }
        catch (IOException)
        {
            // Without /proc the holder is unknown; the lock itself still works.
        }

        return found;
    }

    /// <summary>As part of a sentence: <c>process 4711 (codex)</c>.</summary>
    public override string ToString() =>
        Pid is { } pid ? $"process {pid.ToString(CultureInfo.InvariantCulture)}{(Name is null ? "" : $" ({Name})")}" : "another process";

    /// <summary>A process, with its name if that can be read.</summary>
    public static LockHolder Of(int pid)
    {
        try
        {
            var name = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/comm");
            return new LockHolder(pid, VisibleText.OneLine(name.TrimEnd('\n')));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new LockHolder(pid, null);
        }
    }
}
