using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Running;

/// <summary>A running server with its place and its record. Its methods are file work. Thread-safe.</summary>
internal sealed partial class ServerProcess
{
    private static readonly TimeSpan SecondSignal = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly FileLock _owner;
    private ServerRecord _record;

    internal ServerProcess(ServerPlace place, ServerRecord record, CodexProcess process, FileLock owner)
    {
        (Place, _record, Process, _owner) = (place, record, process, owner);
    }

    /// <summary>Its directory.</summary>
    public ServerPlace Place { get; }

    /// <summary>The process, which leads a session of its own.</summary>
    public CodexProcess Process { get; }

    /// <summary>What is known of it.</summary>
    public ServerRecord Record
    {
        get
        {
            lock (_gate)
            {
                return _record;
            }
        }
    }

    /// <summary>The threads that it may have left archived.</summary>
    public ImmutableArray<ThreadId> Leftovers => ThreadsOf(Record);

    /// <summary>Notes, before a thread is archived, that it is to be unarchived again.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void NoteUnloading(ThreadId thread) => Change(r => r with { Unloading = r.Unloading.Remove($"{thread}").Add($"{thread}") });

    /// <summary>Notes that it was.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void NoteUnloaded(ThreadId thread) => Change(r => r with { Unloading = r.Unloading.Remove($"{thread}") });

    /// <summary>Cuts what it wrote for people to a size.</summary>
    /// <exception cref="IOException">The file cannot be changed.</exception>
    public void CutOutput(long maxBytes)
    {
        if (File.Exists(Place.OutputFile))
        {
            StderrFile.EnforceCap(Place.OutputFile, maxBytes);
        }
    }

    /// <summary>
    /// Ends the server; completes when it is gone. The first SIGTERM lets running turns finish, a second one ends the server at once and
    /// leaves each rollout where it is (measured on 0.169.0 and 0.171.0; idle, it takes 30 to 60 ms).
    /// </summary>
    /// <param name="hasTurns">Whether turns run, which are given up.</param>
    /// <param name="grace">How long it has after each signal.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CodexException">It still runs, because something of it cannot be signalled.</exception>
    public Task EndAsync(bool hasTurns, TimeSpan grace, TimeProvider time) =>
        EndAsync(signal => Process.Signal(signal), Process.Exited, hasTurns, grace, time);

    internal static async Task EndAsync(Action<ProcessSignal> send, Task exited, bool hasTurns, TimeSpan grace, TimeProvider time)
    {
        CodexException? failure = null;
        foreach (var signal in (ProcessSignal[])[ProcessSignal.Terminate, ProcessSignal.Terminate, ProcessSignal.Kill])
        {
            // The same signal twice at a time may arrive once.
            var wait = hasTurns && SecondSignal < grace ? SecondSignal : grace;
            hasTurns = false;
            failure = Failure(() => send(signal));
            try
            {
                await exited.WaitAsync(wait, time).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException)
            {
                // The next signal is a stronger one.
            }
        }

        if (failure is not null)
        {
            throw failure;
        }

        await exited.ConfigureAwait(false);
    }

    // A signal that did not reach all of it may have reached the rest, and a stronger one may reach more.
    private static CodexException? Failure(Action send)
    {
        try
        {
            send();
            return null;
        }
        catch (CodexException e)
        {
            return e;
        }
    }

    /// <summary>
    /// Cleans up behind a server that has ended: what is left of its session, such as MCP servers, and its directory, unless that says
    /// which threads the next server has to unarchive.
    /// </summary>
    /// <returns>The end of what it said for people.</returns>
    public string CleanUp()
    {
        KillSession(Process.Identity);
        var words = VisibleText.OneLine(Colour().Replace(StderrFile.ReadTail(Place.OutputFile), ""));
        if (Leftovers.IsEmpty)
        {
            Remove(Place);
        }
        else
        {
            Change(record => record with { HasEnded = true });
        }

        return words;
    }

    /// <summary>This program no longer looks after the server: another one may adopt it.</summary>
    public void LetGo() => _owner.Dispose();

    /// <summary>The threads that a record names as being unloaded.</summary>
    public static ImmutableArray<ThreadId> ThreadsOf(ServerRecord? record) =>
        record is null
            ? []
            : [.. record.Unloading.Select(text => ThreadId.TryParse(text, out var id) ? id : (ThreadId?)null).OfType<ThreadId>()];

    /// <summary>Removes the directory of a server that has ended. Its lock has to be held.</summary>
    public static void Remove(ServerPlace place)
    {
        try
        {
            if (Directory.Exists(place.Root))
            {
                Directory.Delete(place.Root, recursive: true);
            }

            File.Delete(place.OwnerLock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }

    // A session keeps its number reserved while it has members. Later, another one may have it: it is killed once.
    internal static void KillSession(ProcessIdentity leader)
    {
        if (leader.BootId != ProcessIdentity.CurrentBootId)
        {
            return;
        }

        var entries = ProcessEntry.ReadAll();
        if (entries.Exists(entry => entry.Pid == leader.Pid && entry.StartedAt != leader.StartedAt))
        {
            return;
        }

        foreach (var entry in entries.Where(entry => entry.Session == leader.Pid && entry.Pid != leader.Pid && !entry.IsZombie))
        {
            new Survivor(new ProcessIdentity(entry.Pid, entry.StartedAt, ProcessIdentity.CurrentBootId), entry.Name).Signal(
                ProcessSignal.Kill
            );
        }
    }

    private void Change(Func<ServerRecord, ServerRecord> change)
    {
        lock (_gate)
        {
            var changed = change(_record);
            changed.Save(Place);
            _record = changed;
        }
    }

    // Codex colours what it says even in a file (0.169.0 and 0.171.0).
    [GeneratedRegex(@"\x1B\[[0-9;]*m")]
    private static partial Regex Colour();
}
