using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Backend;
using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// One pass over a part of a rollout, after which the calls found can be read one by one from their positions. Memory holds the
/// positions and one record, never the file.
/// </summary>
internal sealed class RolloutReading
{
    private readonly SafeFileHandle _file;
    private readonly RolloutLimits _limits;

    private long _items;
    private long _messages;
    private string? _lastMessage;
    private bool? _lastIsFinal;
    private bool? _workFollows;
    private bool _mayLackMessage;
    private int _turnsEnded;
    private RecordedEnd? _end;
    private string? _rateLimitProblem;
    private bool _isCountLost;

    private RolloutReading(SafeFileHandle file, RolloutLimits limits) => (_file, _limits) = (file, limits);

    /// <summary>The calls.</summary>
    public CallIndex Calls { get; } = new();

    /// <summary>The last error that codex recorded; null when its last turn succeeded.</summary>
    public RolloutError? Error { get; private set; }

    /// <summary>The thread's last total of tokens, or null.</summary>
    public Usage? Total { get; private set; }

    /// <summary>The account's last rate limit windows, or null.</summary>
    public RateLimits? RateLimits { get; private set; }

    /// <summary>
    /// The name of a field of the rate limits that could not be read, or <c>token_count</c> if the last record of them could not; or null.
    /// </summary>
    public string? RateLimitProblem => _rateLimitProblem ?? (_isCountLost ? "token_count" : null);

    /// <summary>
    /// The agent's messages. A version that records each of them twice, in both forms, has each once here. Null if several turns ended:
    /// somebody else has taken some of them, and nobody knows which.
    /// </summary>
    public RecordedMessages? Messages =>
        _turnsEnded > 1
            ? null
            : new(
                Math.Max(_items, _messages),
                _lastMessage,
                _lastIsFinal,
                IsWhole: _turnsEnded == 1 && TooLongLines == 0 && !_mayLackMessage
            )
            {
                End = _end,
                IsFollowedByWork = _workFollows,
                MayLack = _mayLackMessage,
            };

    /// <summary>The longest record in bytes.</summary>
    public long LongestLineSeen { get; private set; }

    /// <summary>How many records that may have mattered were too long to parse.</summary>
    public long TooLongLines { get; private set; }

    /// <summary>Reads a part of a rollout.</summary>
    /// <param name="file">The rollout; it must stay open while the calls are read.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="to">The end of the part, exclusive.</param>
    /// <param name="limits">How much of a call gets into events.</param>
    /// <param name="pieceBytes">The maximum size of one read.</param>
    /// <param name="turn">Codex's id of the only turn that is read, with which the part begins; null for all that is there.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RolloutReading Of(
        SafeFileHandle file,
        long from,
        long to,
        RolloutLimits limits,
        int pieceBytes = RolloutScanner.DefaultBufferBytes,
        string? turn = null
    )
    {
        var reading = new RolloutReading(file, limits);
        using var scanner = new RolloutScanner(file, from, to, pieceBytes: pieceBytes);
        while (scanner.TryRead(out var line) && (turn is null || !RolloutHead.BeginsAnother(line.Bytes, turn)))
        {
            reading.Take(line);
        }

        reading.LongestLineSeen = scanner.LongestLineSeen;
        return reading;
    }

    /// <summary>The calls with their outputs, in first-seen order. A call whose record is gone is left out.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<RecordedCall> ReadCalls()
    {
        var buffer = Array.Empty<byte>();
        foreach (var entry in Calls.Calls)
        {
            if (ReadCall(entry, ref buffer) is { } call)
            {
                yield return call;
            }
        }
    }

    private void Take(JsonlLine line)
    {
        if (line.IsTooLong)
        {
            TooLongLines++;
            return;
        }

        var record = RolloutRecordReader.Read(line.Bytes);
        switch (record.Kind)
        {
            case RolloutRecordKind.Tokens:
                Total = record.HasUsage ? record.Usage : Total;
                RateLimits = record.RateLimits ?? RateLimits;
                _rateLimitProblem = record.RateLimitProblem ?? _rateLimitProblem;
                _isCountLost = false;
                break;
            case RolloutRecordKind.Message:
                TakeMessage(in record);
                break;
            case RolloutRecordKind.End:
                Error = record.ErrorName.IsEmpty
                    ? null
                    : new RolloutError(record.ErrorName.Decode(), (int)Math.Min(record.ErrorStatus, 999));
                TakeEnd(in record);
                break;
            case RolloutRecordKind.Other:
                _isCountLost |= record.IsUnreadableCount;
                _mayLackMessage |= record.MayBeMessage;
                break;
            default:
                _workFollows = record.Kind == RolloutRecordKind.Call ? true : _workFollows;
                Calls.Add(in record, line.Offset, line.Bytes.Length);
                break;
        }
    }

    private void TakeEnd(in RolloutRecord record)
    {
        if (record.IsTurnEnd)
        {
            _turnsEnded++;
            _end = MessageField.EndOf(record.Answer);
        }
    }

    private void TakeMessage(in RolloutRecord record)
    {
        var text = MessageField.TextOf(record.Message);
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        // An item's content is a list, and the message of an older version a string.
        var isItem = record.Message[0] == (byte)'[';
        (_items, _messages) = isItem ? (_items + 1, _messages) : (_items, _messages + 1);
        (_lastMessage, _lastIsFinal) = (text, MessageField.IsFinal(record.Phase));
        _workFollows = _workFollows is null ? null : false;
    }

    private RecordedCall? ReadCall(CallIndex.Entry entry, ref byte[] buffer)
    {
        var call = RolloutRecordReader.Read(ReadRecord(entry.Offset, entry.Length, ref buffer));
        if (call.Kind != RolloutRecordKind.Call)
        {
            return null;
        }

        var (id, name) = (call.CallId.Decode(), call.Name.Decode());
        var scope = call.Namespace.IsEmpty ? null : ToolServerName.NamespaceOf(call.Namespace.Decode());
        var arguments = CallText.Limited(call.Arguments, _limits.MaxArguments);
        var (output, failed) = entry.OutputLength > 0 ? ReadOutput(entry, ref buffer) : (null, false);
        return new RecordedCall(id, name, scope, arguments, output, failed || entry.Failed, entry.ArgumentBytes, entry.OutputBytes);
    }

    private (string? Output, bool Failed) ReadOutput(CallIndex.Entry entry, ref byte[] buffer)
    {
        var record = RolloutRecordReader.Read(ReadRecord(entry.OutputOffset, entry.OutputLength, ref buffer));
        return record.Kind == RolloutRecordKind.Output
            ? (CallText.Output(record.Output, _limits.MaxOutput, out var failed), failed)
            : (null, false);
    }

    private ReadOnlySpan<byte> ReadRecord(long offset, int length, ref byte[] buffer)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, 64 * 1024));
        }

        var read = RandomAccess.Read(_file, buffer.AsSpan(0, length), offset);
        return buffer.AsSpan(0, read);
    }
}

/// <summary>A call from the rollout, truncated to the limits.</summary>
/// <param name="Id">codex's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Namespace">The MCP server's namespace, or null.</param>
/// <param name="Arguments">The arguments: the JSON text of a function, the text of a custom tool, the action of the old shell.</param>
/// <param name="Output">The output as text; null when there is none.</param>
/// <param name="Failed">Whether the tool failed, as far as codex recorded it.</param>
/// <param name="ArgumentBytes">The full length of the arguments as encoded in the rollout.</param>
/// <param name="OutputBytes">The full length of the output as encoded in the rollout.</param>
internal sealed record RecordedCall(
    string Id,
    string Name,
    string? Namespace,
    string Arguments,
    string? Output,
    bool Failed,
    int ArgumentBytes,
    int OutputBytes
);
