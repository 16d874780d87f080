using System.Text.Json;
using System.Text.Json.Serialization;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.State;

/// <summary>
/// The content of <c>turn.json</c> for a turn of <c>codex app-server</c>, with which another process of this program finds the turn in the
/// server, or settles it by its rollout. Every change rewrites the whole file.
/// </summary>
public sealed record AppServerRecord
{
    /// <summary>The value of <see cref="Backend"/>, which exec's record does not have.</summary>
    public const string BackendName = "app-server";

    private const int MaxBytes = 64 * 1024;

    /// <summary>What runs the turn: <see cref="BackendName"/>.</summary>
    public required string Backend { get; init; }

    /// <summary>The turn.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>The workspace in which codex works.</summary>
    public required string Workspace { get; init; }

    /// <summary>The thread that codex was asked to resume, or null for a new one.</summary>
    public string? ResumedThread { get; init; }

    /// <summary>The thread in which codex works.</summary>
    public required string Thread { get; init; }

    /// <summary>The length of the thread's rollout in bytes before the turn; null if it was not known.</summary>
    public long? RolloutLength { get; init; }

    /// <summary>The rollout; null if it was not known.</summary>
    public string? RolloutPath { get; init; }

    /// <summary>When the turn started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The moment of the turn's start in clock ticks since boot: its processes are younger.</summary>
    public long StartTicks { get; init; }

    /// <summary>The thread's token total before the turn.</summary>
    public Usage? Baseline { get; init; }

    /// <summary>The boot of the machine in which the turn was started, as the kernel names it.</summary>
    public string? BootId { get; init; }

    /// <summary>The process of the server; 0 if it is unknown, or was before the machine was started anew.</summary>
    public int ServerPid { get; init; }

    /// <summary>The start of the server's process, in clock ticks since boot.</summary>
    public long ServerStartTicks { get; init; }

    /// <summary>The server's id of the turn; null before it is known.</summary>
    public string? ServerTurnId { get; init; }

    /// <summary>The <see cref="Plexum.Codex.Backend.ToolTokenHash"/> of the turn's token; null without tools.</summary>
    public string? ToolTokenHash { get; init; }

    /// <summary>Why codex was told to stop; null if it was not.</summary>
    public StopCause? StopCause { get; init; }

    /// <summary>Whether the turn is over and all its events are in its log.</summary>
    public bool Settled { get; init; }

    /// <summary>Writes the record.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save(TurnDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, AppServerRecordJson.Default.AppServerRecord);
        AtomicFile.Write(directory.RecordFile, bytes, durable: false);
    }

    /// <summary>Reads the record; null if it is missing, unreadable, or of a turn of <c>codex exec</c>.</summary>
    public static AppServerRecord? Load(TurnDirectory directory)
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
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, length), AppServerRecordJson.Default.AppServerRecord);
            return record is not { Backend: BackendName } ? null
                : record.BootId == ProcessIdentity.CurrentBootId ? record
                : record with { ServerPid = 0 };
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Without a readable record, the turn cannot be recovered.
            return null;
        }
    }
}

/// <summary>The source-generated serializer of <see cref="AppServerRecord"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AppServerRecord))]
internal sealed partial class AppServerRecordJson : JsonSerializerContext;
