using System.Text;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// Where the calls of a part of a rollout and their outputs stand, in the order in which they were first seen. It holds places and
/// no text, so that a turn with very many calls needs little memory; how many it takes is limited.
/// </summary>
internal sealed class CallIndex
{
    /// <summary>The most calls. Ten thousand times what a busy turn has; the index then takes some ten megabytes.</summary>
    public const int MostCalls = 50_000;

    private const int MostIdBytes = 512;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _placeOf;
    private readonly List<Entry> _entries = [];

    public CallIndex() => _placeOf = _places.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyList<Entry> Calls => _entries;

    /// <summary>How many calls were left out, because there are too many or they have no id that could be used.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Takes in a record. Of several calls or outputs with one id the first counts; an output without a call is passed over.</summary>
    public void Add(in RolloutRecord record, long offset, int length)
    {
        switch (record.Kind)
        {
            case RolloutRecordKind.Call:
                AddCall(in record, offset, length);
                break;
            case RolloutRecordKind.Output when TryFind(in record, out var at) && _entries[at].OutputLength == 0:
                _entries[at] = _entries[at] with { OutputOffset = offset, OutputLength = length, OutputBytes = record.Output.Length };
                break;
            case RolloutRecordKind.Item when record.Failed && TryFind(in record, out var at):
                _entries[at] = _entries[at] with { Failed = true };
                break;
        }
    }

    private void AddCall(in RolloutRecord record, long offset, int length)
    {
        if (TryFind(in record, out _))
        {
            return;
        }

        if (_entries.Count >= MostCalls || record.CallId.IsEmpty || record.CallId.Raw.Length > MostIdBytes)
        {
            LeftOut++;
            return;
        }

        _places.Add(record.CallId.Decode(), _entries.Count);
        _entries.Add(new Entry(offset, length, record.Arguments.Raw.Length, 0, 0, 0, false));
    }

    private bool TryFind(in RolloutRecord record, out int at)
    {
        at = -1;
        var id = record.CallId;
        if (id.IsEmpty || id.Raw.Length > MostIdBytes)
        {
            return false;
        }

        if (id.IsEscaped)
        {
            return _places.TryGetValue(id.Decode(), out at);
        }

        Span<char> text = stackalloc char[MostIdBytes];
        return _placeOf.TryGetValue(text[..Encoding.UTF8.GetChars(id.Raw, text)], out at);
    }

    /// <summary>One call.</summary>
    /// <param name="Offset">Where its record begins in the file.</param>
    /// <param name="Length">How long the record is.</param>
    /// <param name="ArgumentBytes">How long its arguments are, as they stand in the record.</param>
    /// <param name="OutputOffset">Where the record of its output begins.</param>
    /// <param name="OutputLength">How long that is; 0 when there is none.</param>
    /// <param name="OutputBytes">How long the output is, as it stands in the record.</param>
    /// <param name="Failed">Whether codex noted that it failed.</param>
    public readonly record struct Entry(
        long Offset, int Length, int ArgumentBytes, long OutputOffset, int OutputLength, int OutputBytes, bool Failed);
}
