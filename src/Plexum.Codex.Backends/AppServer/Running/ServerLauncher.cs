using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Running;

/// <summary>How a server is started.</summary>
/// <param name="Profile">The profile, in which it gets its directory.</param>
/// <param name="Environment">What it inherits of this program's environment.</param>
/// <param name="Umask">Its umask in octal; null for that of this process.</param>
internal sealed record ServerLauncher(string Profile, ProcessEnvironment Environment, string? Umask)
{
    /// <summary>
    /// The variable with the server's id, by which it is found if this program dies before it has noted the pid. Codex's shell policy
    /// keeps it from the model's commands, as every variable of this program.
    /// </summary>
    public const string Variable = "PLEXUM_CODEX_SERVER";

    private const string Nothing = "/dev/null";

    /// <summary>Of what a server would be started now. File work.</summary>
    public ServerOrigin OriginOf(CodexBinary binary) => ServerOrigin.Of(binary, Environment.Build(binary), Umask);

    /// <summary>
    /// Starts a server, in a session of its own and with files for what it says, so that it outlives this program. File work.
    /// </summary>
    /// <param name="binary">The codex to start.</param>
    /// <param name="leftovers">The threads that an earlier server may have left archived; they go into the new record at once.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CodexUnavailableException">It could not be started; the message says why and what to do.</exception>
    public ServerProcess Start(CodexBinary binary, ImmutableArray<ThreadId> leftovers, DateTimeOffset now)
    {
        var place = ServerPlace.NewIn(Profile);
        var origin = OriginOf(binary);
        var record = new ServerRecord
        {
            Binary = origin.Binary,
            Version = origin.Version,
            Surroundings = origin.Surroundings,
            Login = origin.Login,
            StartedAt = now,
            Socket = place.Socket,
            Unloading = [.. leftovers.Select(thread => $"{thread}")],
        };
        var isStarted = false;
        FileLock? owner = null;
        try
        {
            OwnerOnly.CreateDirectory(ServerPlace.AllOf(Profile));
            owner = FileLock.TryAcquire(place.OwnerLock, out _) ?? throw new IOException($"{place.OwnerLock} is locked.");
            OwnerOnly.CreateDirectory(place.Root);
            record.Save(place);
            var environment = Environment with { Added = Environment.Added.SetItems(Marks(place.Id)) };
            var pid = SessionProgram.Start(
                binary.Path,
                ["app-server", "--listen", $"unix://{ServerPlace.SocketName}"],
                environment.Build(binary),
                place.Root,
                new StreamFiles(Nothing, place.OutputFile, place.OutputFile),
                Umask,
                out var error
            );
            isStarted = pid > 0;
            return isStarted
                ? Note(place, record, CodexProcess.OfChild(pid), owner)
                : throw new CodexUnavailableException(
                    $"codex app-server could not be started: {binary.Path}: {Marshal.GetPInvokeErrorMessage(error)}. "
                        + CodexBinary.InstallAdvice
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexUnavailableException(
                $"codex app-server could not be started: {e.Message} Check the permissions and the free space of the profile.",
                e
            );
        }
        finally
        {
            if (!isStarted)
            {
                ServerProcess.Remove(place);
                owner?.Dispose();
            }
        }
    }

    // The turn's variable tells a later program, of which the server is no descendant, that what the server starts is no person's.
    private static IEnumerable<KeyValuePair<string, string>> Marks(string id) =>
        [new(Variable, id), new(ProcessEnvironment.TurnVariable, $"app-server-{id}")];

    // A server whose pid cannot be noted is found by its variable.
    private static ServerProcess Note(ServerPlace place, ServerRecord record, CodexProcess process, FileLock owner)
    {
        var noted = record with { Pid = process.Identity.Pid, PidStartedAt = process.Identity.StartedAt, BootId = process.Identity.BootId };
        try
        {
            noted.Save(place);
        }
        catch (IOException)
        {
            // The next change of the record notes it too.
        }

        return new ServerProcess(place, noted, process, owner);
    }
}
