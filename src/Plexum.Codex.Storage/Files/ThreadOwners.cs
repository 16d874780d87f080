using System.Text;
using System.Text.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Files;

/// <summary>
/// The agents that threads belong to: <c>&lt;profile&gt;/threads/&lt;thread&gt;</c> contains the agent's id. The file is created once,
/// whole and exclusively, and never changed, so of two agents that claim a thread one gets it.
/// </summary>
/// <param name="profile">The root of the profile, an absolute path.</param>
internal sealed class ThreadOwners(string profile)
{
    private const int MaxBytes = 128;
    private const int MaxUsageBytes = 4096;

    private static readonly TimeSpan MaxCreation = TimeSpan.FromMilliseconds(50);

    private static readonly byte[] Explanation = Encoding.ASCII.GetBytes(
        "Each file here has the name of a thread of codex and contains the id of the agent that it belongs to.\n"
    );

    private readonly string _root = Path.Combine(profile, "threads");

    /// <summary>The owner of a thread; null if there is none.</summary>
    /// <exception cref="ThreadRecordException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public AgentId? Find(ThreadId thread)
    {
        var path = PathOf(thread);
        var text = Read(path, out var problem);

        // Where AtomicFile has to create it in its place, it is empty for a moment. Whose it becomes is not known before that is over.
        if (text is { Length: 0 })
        {
            _ = SpinWait.SpinUntil(() => (text = Read(path, out problem)) is not { Length: 0 }, MaxCreation);
        }

        return text is null && problem is null ? null
            : AgentId.TryParse(text, out var owner) ? owner
            : throw new ThreadRecordException(
                $"The file {path} should contain the id of the agent that the thread belongs to, but "
                    + $"{problem ?? "it does not"}. Write that id into it."
            );
    }

    // Null if there is no file; then the problem is what is in its place.
    private static string? Read(string path, out string? problem)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out problem);
        if (file is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        return Encoding.Latin1.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]).Trim();
    }

    /// <summary>Gives a thread to an agent unless it has an owner. Durable.</summary>
    /// <returns>The thread's owner.</returns>
    /// <exception cref="ThreadRecordException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be written or read.</exception>
    public AgentId Claim(AgentId agent, ThreadId thread)
    {
        if (Find(thread) is { } known)
        {
            return known;
        }

        Prepare();
        return AtomicFile.TryCreate(PathOf(thread), Encode(agent))
            ? agent
            : Find(thread) ?? throw new IOException($"{PathOf(thread)} was removed while it was being read.");
    }

    // An earlier version kept no owners, but the last thread of each agent is in its usage file. Those come first, so that no agent
    // takes another's thread by naming it in a session file. The directory appears with all of them or not at all.
    private void Prepare()
    {
        if (Directory.Exists(_root))
        {
            return;
        }

        var building = $"{_root}.{Guid.NewGuid():N}.tmp";
        try
        {
            OwnerOnly.CreateDirectory(building);

            // A directory may be renamed over an empty one, under the hands of an agent that has just begun to use that.
            AtomicFile.Create(Path.Combine(building, "README"), Explanation, durable: true);
            AddThreadsOfEarlierVersion(building);
            AtomicFile.FlushDirectory(building);
            if (Libc.Rename(building, _root) != 0)
            {
                var reason = Libc.LastErrorText();
                Directory.Delete(building, recursive: true);
                if (!Directory.Exists(_root))
                {
                    throw new IOException($"{_root} cannot be created: {reason}.");
                }
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{_root} cannot be created: {e.Message}", e);
        }

        AtomicFile.FlushDirectory(profile);
    }

    // If two agents shared a thread, the first by name gets it.
    private void AddThreadsOfEarlierVersion(string building)
    {
        var agents = new DirectoryInfo(Path.Combine(profile, "agents"));
        if (!agents.Exists)
        {
            return;
        }

        foreach (var name in agents.EnumerateDirectories().Select(directory => directory.Name).Order(StringComparer.Ordinal))
        {
            if (
                AgentId.TryParse(name, out var agent)
                && ThreadOfUsage(new AgentDirectory(profile, agent).ThreadUsageFile) is { } thread
                && Path.Combine(building, thread.ToString()) is var path
                && !File.Exists(path)
            )
            {
                AtomicFile.Create(path, Encode(agent), durable: true);
            }
        }
    }

    private static ThreadId? ThreadOfUsage(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        var bytes = new byte[MaxUsageBytes];
        try
        {
            using var json = JsonDocument.Parse(bytes.AsMemory(0, RandomAccess.Read(file, bytes, 0)));
            return ThreadId.TryParse(json.RootElement.GetProperty("thread_id").GetString(), out var thread) ? thread : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Such a file is of no use for the usage either; the agent then claims its thread with its next turn.
            return null;
        }
    }

    private string PathOf(ThreadId thread) => Path.Combine(_root, thread.ToString());

    private static byte[] Encode(AgentId agent) => Encoding.ASCII.GetBytes($"{agent}\n");
}
