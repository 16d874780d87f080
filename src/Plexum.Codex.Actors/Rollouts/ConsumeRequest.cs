using System.Collections.Immutable;
using System.Text;

namespace Plexum.Codex.Rollouts;

/// <summary>The mutations of one request by id; of several for one id the heavier one counts.</summary>
internal sealed class ConsumeRequest
{
    private static readonly byte[] LightMarker = "\"...(consumed)\""u8.ToArray();
    private static readonly byte[] HeavyMarker = "\"...(tool called)\""u8.ToArray();

    private readonly Dictionary<string, bool> _heavy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public ConsumeRequest(IReadOnlyCollection<RolloutMutation> mutations)
    {
        _byText = _heavy.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var mutation in mutations.Where(IsKnown))
        {
            _heavy[mutation.BlockId] = mutation.Op == RolloutMutation.Heavy || _heavy.GetValueOrDefault(mutation.BlockId);
        }

        Count = mutations.Select(mutation => mutation.BlockId).Distinct(StringComparer.Ordinal).Count();
        Warnings = [.. mutations
            .Where(mutation => !IsKnown(mutation))
            .Select(mutation => mutation.Op)
            .Distinct(StringComparer.Ordinal)
            .Select(op => $"The operation \"{op}\" is unknown and was passed over; known are {RolloutMutation.Light} and {RolloutMutation.Heavy}.")];
    }

    /// <summary>What arguments become, as JSON.</summary>
    public static ReadOnlyMemory<byte> NoArguments { get; } = "\"{}\""u8.ToArray();

    /// <summary>How many ids are named.</summary>
    public int Count { get; }

    /// <summary>How many of them have something to be done.</summary>
    public int Known => _heavy.Count;

    public ImmutableArray<string> Warnings { get; }

    /// <summary>Whether an id is named, as it stands between the quotes of a line. One with an escape in it may be.</summary>
    public bool MayName(ReadOnlySpan<byte> id)
    {
        Span<char> text = stackalloc char[256];
        return id.Length > text.Length || id.Contains((byte)'\\')
            || _byText.ContainsKey(text[..Encoding.UTF8.GetChars(id, text)]);
    }

    public bool Names(string id) => _heavy.ContainsKey(id);

    /// <summary>What an output becomes, as JSON.</summary>
    public ReadOnlyMemory<byte> OutputOf(string id) => _heavy[id] ? HeavyMarker : LightMarker;

    /// <summary>Whether the arguments become <see cref="NoArguments"/>.</summary>
    public bool TakesArguments(string id) => _heavy[id];

    private static bool IsKnown(RolloutMutation mutation) => mutation.Op is RolloutMutation.Light or RolloutMutation.Heavy;
}
