using System.Buffers;
using System.Text;

namespace Plexum.Codex.Exec.Output;

/// <summary>What came out of codex during a turn, in numbers.</summary>
/// <param name="Lines">Lines of any kind.</param>
/// <param name="UnknownEvents">Events of types unknown to this version; ignored.</param>
/// <param name="UnknownItems">Items of types unknown to this version; ignored.</param>
/// <param name="UnreadableLines">Lines that are no event at all; ignored.</param>
/// <param name="TooLongLines">Lines over the limit; skipped.</param>
public readonly record struct MappingCounts(
    long Lines, long UnknownEvents, long UnknownItems, long UnreadableLines, long TooLongLines);

/// <summary>
/// The first few names of unknown types, for the log: words such as codex's own, <c>item.completed</c> or <c>todo_list</c>, since
/// what looks otherwise may be anything and a log is no place for it. Meeting one again costs no allocation.
/// </summary>
internal sealed class UnknownNames
{
    private const int Most = 16;
    private const int LongestName = 64;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._"u8);

    private readonly List<byte[]> _names = [];

    public IEnumerable<string> Names => _names.Select(name => Encoding.UTF8.GetString(name));

    public void Add(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName || name.ContainsAnyExcept(NameBytes))
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
