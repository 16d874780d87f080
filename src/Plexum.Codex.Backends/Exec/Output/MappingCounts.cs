using System.Buffers;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.Exec.Output;

/// <summary>Statistics of codex's output during a turn.</summary>
/// <param name="Lines">All lines.</param>
/// <param name="UnknownEvents">Events of types unknown to this version; ignored.</param>
/// <param name="UnknownItems">Items of types unknown to this version; ignored.</param>
/// <param name="UnreadableLines">Lines that are not events; ignored.</param>
/// <param name="TooLongLines">Lines over the limit; skipped.</param>
public readonly record struct MappingCounts(long Lines, long UnknownEvents, long UnknownItems, long UnreadableLines, long TooLongLines)
{
    /// <summary>Lines with events and something else, such as a terminal's sequences or a log line before an event.</summary>
    public long MixedLines { get; init; }

    /// <summary>How many bytes of these lines were skipped.</summary>
    public long SkippedBytes { get; init; }

    // All of it, if a program in between writes the output anew, over several lines or in another encoding.
    internal string NotUnderstood =>
        (UnreadableLines + UnknownEvents) switch
        {
            0 => "",
            1 => ", and a line of its output was not understood",
            var count => string.Create(CultureInfo.InvariantCulture, $", and {count} lines of its output were not understood"),
        };
}

/// <summary>
/// The first few names of unknown types, for the log. Only names that look like codex's own, such as <c>item.completed</c> or
/// <c>todo_list</c>, are kept: others could be anything, which does not belong in a log. A repeated name costs no allocation.
/// </summary>
internal sealed class UnknownNames
{
    private const int Most = 16;
    private const int MaxName = 64;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._"u8);

    private readonly List<byte[]> _names = [];

    public IEnumerable<string> Names => _names.Select(name => Encoding.UTF8.GetString(name));

    public void Add(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxName || name.ContainsAnyExcept(NameBytes))
        {
            return;
        }

        foreach (var known in _names)
        {
            if (name.SequenceEqual(known))
            {
                return;
            }
        }

        if (_names.Count < Most)
        {
            _names.Add(name.ToArray());
        }
    }
}
