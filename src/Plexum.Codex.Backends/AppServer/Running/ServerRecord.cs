using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Running;

/// <summary>The content of <c>server.json</c>, with which a later process finds the server and what it left undone.</summary>
internal sealed record ServerRecord
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The path of codex.</summary>
    public required string Binary { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>When the server was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The server's pid; 0 before it was started.</summary>
    public int Pid { get; init; }

    /// <summary>The process's start in clock ticks since boot, which distinguishes it from a later process with the same pid.</summary>
    public long PidStartedAt { get; init; }

    /// <summary>The boot id, because <see cref="PidStartedAt"/> is only valid until the next boot.</summary>
    public string? BootId { get; init; }

    /// <summary>Hash of the environment and the umask that it was started with; empty if that is unknown.</summary>
    public string Surroundings { get; init; } = "";

    /// <summary>Hash of the login in codex's home when it was started; empty if that is unknown.</summary>
    public string Login { get; init; } = "";

    /// <summary>Whether the server has ended and what was left of its session was killed.</summary>
    public bool HasEnded { get; init; }

    /// <summary>
    /// The threads that are being unloaded. A death in between may leave them archived, where neither codex exec nor another server takes
    /// them, so the next server unarchives them.
    /// </summary>
    public ImmutableArray<string> Unloading { get; init; } = [];

    /// <summary>Of what the server was started.</summary>
    [JsonIgnore]
    public ServerOrigin Origin => new(Binary, Version, Surroundings, Login);

    /// <summary>The process; null before it was started.</summary>
    [JsonIgnore]
    public ProcessIdentity? Process => Pid == 0 ? null : new ProcessIdentity(Pid, PidStartedAt, BootId ?? "");

    /// <summary>Writes the record.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save(ServerPlace place) =>
        AtomicFile.Write(
            place.RecordFile,
            JsonSerializer.SerializeToUtf8Bytes(this, ServerRecordJson.Default.ServerRecord),
            durable: false
        );

    /// <summary>Reads the record; null if it is missing or unreadable.</summary>
    public static ServerRecord? Load(ServerPlace place)
    {
        using var file = RegularFile.TryOpenRead(place.RecordFile, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        try
        {
            var bytes = new byte[MaxBytes];
            var length = RandomAccess.Read(file, bytes, 0);
            var record = JsonSerializer.Deserialize(bytes.AsSpan(0, length), ServerRecordJson.Default.ServerRecord);
            return record is { Unloading.IsDefault: true } ? record with { Unloading = [] } : record;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // The server is then found by its variable.
            return null;
        }
    }
}

/// <summary>The source-generated serializer of <see cref="ServerRecord"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerRecord))]
internal sealed partial class ServerRecordJson : JsonSerializerContext;
