using System.Text.Json;
using System.Text.Json.Serialization;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// The content of <c>turn.json</c>, with which another process can find the running codex and settle the turn. Every change rewrites
/// the whole file.
/// </summary>
public sealed record ExecRecord
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>What runs the turn, in the record of another backend, which this is not; exec's own has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Backend { get; init; }

    /// <summary>The turn.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>The workspace in which codex runs.</summary>
    public required string Workspace { get; init; }

    /// <summary>The value of <c>--model</c>, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The thread that codex was asked to resume, or null for a new one.</summary>
    public string? ResumedThread { get; init; }

    /// <summary>The path of the resumed thread's rollout when codex was started, or null.</summary>
    public string? RolloutPath { get; init; }

    /// <summary>The rollout's length in bytes at that time; everything after it belongs to the turn.</summary>
    public long RolloutLength { get; init; }

    /// <summary>
    /// The length of codex's stdout in bytes before it was started: what follows is of this start. All starts of a turn append to one file.
    /// </summary>
    public long OutputStart { get; init; }

    /// <summary>When the turn started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The thread's last known token total when the turn started; the turn's usage is the difference to it.</summary>
    public Usage? Baseline { get; init; }

    /// <summary>The pid of codex; 0 before it was started.</summary>
    public int Pid { get; init; }

    /// <summary>The process's start in clock ticks since boot, which distinguishes it from a later process with the same pid.</summary>
    public long PidStartedAt { get; init; }

    /// <summary>The boot id, because <see cref="PidStartedAt"/> is only valid until the next boot.</summary>
    public string? BootId { get; init; }

    /// <summary>The hash of the turn's token for the host's tools; null without tools. Codex alone has the token.</summary>
    public string? ToolTokenHash { get; init; }

    /// <summary>The token itself, in a record of an earlier version. Reading replaces it by its hash; it is never written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToolToken { get; init; }

    /// <summary>Why codex was told to stop; null if it was not.</summary>
    public ExecEndCause? StopCause { get; init; }

    /// <summary>Whether the turn is over and all its events are in its log.</summary>
    public bool Settled { get; init; }

    /// <summary>Writes the record.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save(TurnDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, ExecRecordJson.Default.ExecRecord);
        AtomicFile.Write(directory.RecordFile, bytes, durable: false);
    }

    /// <summary>Reads the record; null if it is missing, unreadable, or of a turn of another backend.</summary>
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
            var bytes = new byte[MaxBytes];
            var length = RandomAccess.Read(file, bytes, 0);
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, length), ExecRecordJson.Default.ExecRecord);
            return record switch
            {
                { Backend: null, ToolToken: { } token } => record with
                {
                    ToolToken = null,
                    ToolTokenHash = Codex.Backend.ToolTokenHash.Of(token).ToString(),
                },
                { Backend: null } => record,
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Without a readable record, the turn cannot be recovered.
            return null;
        }
    }
}

/// <summary>The source-generated serializer of <see cref="ExecRecord"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExecRecord))]
internal sealed partial class ExecRecordJson : JsonSerializerContext;
