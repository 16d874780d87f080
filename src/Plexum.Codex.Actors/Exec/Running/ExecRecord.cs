using System.Text.Json;
using System.Text.Json.Serialization;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// What <c>turn.json</c> says of a turn, so that another process can find the running codex again and settle the turn. It is
/// written whole at every change.
/// </summary>
public sealed record ExecRecord
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The turn.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>The workspace in which codex runs.</summary>
    public required string Workspace { get; init; }

    /// <summary>The value of <c>--model</c>, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The thread that was asked to go on, or null for a new one.</summary>
    public string? ResumedThread { get; init; }

    /// <summary>The rollout of the resumed thread when codex was started, or null.</summary>
    public string? RolloutPath { get; init; }

    /// <summary>How long it was then; what stands behind that is the turn's.</summary>
    public long RolloutLength { get; init; }

    /// <summary>When the turn started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The last total that was known of the thread when the turn started, from which its own usage is counted.</summary>
    public Usage? Baseline { get; init; }

    /// <summary>The process of codex; 0 before it was started.</summary>
    public int Pid { get; init; }

    /// <summary>The process's start in clock ticks since the machine's, which tells it from a later one of the same number.</summary>
    public long PidStartedAt { get; init; }

    /// <summary>The machine's start, since <see cref="PidStartedAt"/> means nothing after the next one.</summary>
    public string? BootId { get; init; }

    /// <summary>The token with which codex reaches the host's tools; null while there are none. The file is the owner's alone.</summary>
    public string? ToolToken { get; init; }

    /// <summary>Why codex was told to stop; null while it was not.</summary>
    public ExecEndCause? StopCause { get; init; }

    /// <summary>Whether the turn is over and all its events are in its log.</summary>
    public bool Settled { get; init; }

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save(TurnDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        AtomicFile.Write(directory.RecordFile, JsonSerializer.SerializeToUtf8Bytes(this, ExecRecordJson.Default.ExecRecord), durable: false);
    }

    /// <summary>Reads it; null when it is missing or unreadable.</summary>
    public static ExecRecord? Load(TurnDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var file = RegularFile.TryOpenRead(directory.RecordFile, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        try
        {
            var bytes = new byte[MostBytes];
            var length = RandomAccess.Read(file, bytes, 0);
            return JsonSerializer.Deserialize(bytes.AsSpan(0, length), ExecRecordJson.Default.ExecRecord);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // An unreadable record is no record: the turn cannot be recovered.
            return null;
        }
    }
}

/// <summary>The serializer of <see cref="ExecRecord"/>, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExecRecord))]
internal sealed partial class ExecRecordJson : JsonSerializerContext;
