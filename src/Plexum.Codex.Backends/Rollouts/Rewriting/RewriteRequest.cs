using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>The mutations of one request by id. If an id occurs more than once, the heavier operation counts.</summary>
internal sealed class RewriteRequest
{
    private static readonly byte[] LightMarker = "\"...(consumed)\""u8.ToArray();
    private static readonly byte[] HeavyMarker = "\"...(tool called)\""u8.ToArray();

    private readonly Dictionary<string, bool> _heavy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public RewriteRequest(IReadOnlyCollection<CallToConsume> toConsume)
    {
        _byText = _heavy.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var one in toConsume.Where(IsKnown))
        {
            _heavy[one.BlockId] = one.Op == CallToConsume.Heavy || _heavy.GetValueOrDefault(one.BlockId);
        }

        Count = toConsume.Select(one => one.BlockId).Distinct(StringComparer.Ordinal).Count();
        Warnings =
        [
            .. toConsume
                .Where(one => !IsKnown(one))
                .Select(one => one.Op)
                .Distinct(StringComparer.Ordinal)
                .Select(op => $"The operation \"{op}\" is unknown and was ignored; use {CallToConsume.Light} or {CallToConsume.Heavy}."),
        ];
    }

    /// <summary>The JSON value that replaces arguments.</summary>
    public static ReadOnlyMemory<byte> NoArguments { get; } = "\"{}\""u8.ToArray();

    /// <summary>The number of distinct ids in the request.</summary>
    public int Count { get; }

    /// <summary>How many of the ids have a known operation.</summary>
    public int Known => _heavy.Count;

    public ImmutableArray<string> Warnings { get; }

    /// <summary>Whether the request may name an id, given as encoded in a line. True for every id with an escape in it.</summary>
    public bool MayName(ReadOnlySpan<byte> id)
    {
        Span<char> text = stackalloc char[256];
        return id.Length > text.Length || id.Contains((byte)'\\') || _byText.ContainsKey(text[..Encoding.UTF8.GetChars(id, text)]);
    }

    public bool Names(string id) => _heavy.ContainsKey(id);

    /// <summary>The JSON value that replaces the output of a call.</summary>
    public ReadOnlyMemory<byte> OutputOf(string id) => _heavy[id] ? HeavyMarker : LightMarker;

    /// <summary>Whether <see cref="NoArguments"/> replaces the arguments of a call.</summary>
    public bool TakesArguments(string id) => _heavy[id];

    private static bool IsKnown(CallToConsume one) => one.Op is CallToConsume.Light or CallToConsume.Heavy;
}
