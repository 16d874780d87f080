using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.Processes.Table;

/// <summary>An entry of the process table: <c>/proc/&lt;pid&gt;/stat</c>.</summary>
internal readonly record struct ProcessEntry(int Pid, string Name, char State, int Parent, int Session, long StartedAt)
{
    // Counted from the state, the first field after the name.
    private const int ParentField = 1;
    private const int GroupField = 2;
    private const int SessionField = 3;
    private const int StartField = 19;

    /// <summary>Its process group.</summary>
    public int Group { get; init; }

    public bool IsZombie => State is 'Z' or 'X';

    public static ProcessEntry? Read(int pid)
    {
        Span<byte> stat = stackalloc byte[1024];
        var length = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), stat);
        return TryParse(stat[..length], out var entry) ? entry : null;
    }

    /// <summary>All processes. One that ends meanwhile may be missing.</summary>
    public static List<ProcessEntry> ReadAll()
    {
        var entries = new List<ProcessEntry>(256);
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read(pid) is { } entry
            )
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>Parses <c>4711 (any name) S 1 4711 4711 …</c>; the name may contain spaces and parentheses.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> stat, out ProcessEntry entry)
    {
        entry = default;
        var open = stat.IndexOf((byte)'(');
        var close = stat.LastIndexOf((byte)')');
        if (open < 1 || close < open || !Utf8Parser.TryParse(stat[..(open - 1)], out int pid, out _) || close + 2 >= stat.Length)
        {
            return false;
        }

        var name = Encoding.UTF8.GetString(stat[(open + 1)..close]);
        var rest = stat[(close + 2)..];
        var state = (char)rest[0];
        int parent = 0,
            group = 0,
            session = 0;
        long started = 0;
        for (var field = 0; field <= StartField; field++)
        {
            var read = field switch
            {
                ParentField => Utf8Parser.TryParse(rest, out parent, out _),
                GroupField => Utf8Parser.TryParse(rest, out group, out _),
                SessionField => Utf8Parser.TryParse(rest, out session, out _),
                StartField => Utf8Parser.TryParse(rest, out started, out _),
                _ => true,
            };
            var space = rest.IndexOf((byte)' ');
            if (!read || space < 0)
            {
                return false;
            }

            rest = rest[(space + 1)..];
        }

        entry = new ProcessEntry(pid, name, state, parent, session, started) { Group = group };
        return true;
    }
}
