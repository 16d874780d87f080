using System.Text;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// The positions of the calls and outputs in a part of a rollout, in first-seen order. It holds positions and no text, so a turn with
/// very many calls needs little memory. The number of calls is limited.
/// </summary>
internal sealed class CallIndex
{
    /// <summary>The maximum number of calls, far more than a busy turn makes. A full index takes about ten megabytes.</summary>
    public const int MaxCalls = 50_000;

    private const int MaxIdBytes = 512;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _placeOf;
    private readonly List<Entry> _entries = [];

    public CallIndex() => _placeOf = _places.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyList<Entry> Calls => _entries;

    /// <summary>How many calls were left out because of the limit or because their id is missing or too long.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Adds a record. The first call or output with an id counts. An output without a call is ignored.</summary>
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

        if (_entries.Count >= MaxCalls || record.CallId.IsEmpty || record.CallId.Raw.Length > MaxIdBytes)
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
        if (id.IsEmpty || id.Raw.Length > MaxIdBytes)
        {
            return false;
        }

        if (id.IsEscaped)
        {
            return _places.TryGetValue(id.Decode(), out at);
        }

        Span<char> text = stackalloc char[MaxIdBytes];
        return _placeOf.TryGetValue(text[..Encoding.UTF8.GetChars(id.Raw, text)], out at);
    }

    /// <summary>One call.</summary>
    /// <param name="Offset">The offset of its record in the file.</param>
    /// <param name="Length">The length of the record in bytes.</param>
    /// <param name="ArgumentBytes">The length of its arguments as encoded in the record.</param>
    /// <param name="OutputOffset">The offset of its output's record.</param>
    /// <param name="OutputLength">The length of that record; 0 when there is no output.</param>
    /// <param name="OutputBytes">The length of the output as encoded in the record.</param>
    /// <param name="Failed">Whether codex recorded that it failed.</param>
    public readonly record struct Entry(
        long Offset,
        int Length,
        int ArgumentBytes,
        long OutputOffset,
        int OutputLength,
        int OutputBytes,
        bool Failed
    );
}
