using System.Collections.Immutable;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The turns of a profile that run, with a daemon or without one: a codex goes on when its daemon stops. File work.</summary>
internal static class RunningTurns
{
    private const int Shown = 5;

    /// <summary>Keeps their files from being taken away.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="what">What would do it, as the beginning of a sentence.</param>
    /// <exception cref="CodexException">A turn runs, or its files cannot be read; the message names it.</exception>
    public static void ThrowIfAny(Profile profile, string what)
    {
        ImmutableArray<string> running;
        try
        {
            running = Find(profile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"It cannot be known whether turns of the profile {profile.Root} run: {e.Message}", e);
        }

        if (!running.IsEmpty)
        {
            var more = running.Length > Shown ? $", and {running.Length - Shown} more" : "";
            throw new CodexException(
                $"{what} would take the files of turns that run: {string.Join(", ", running.Take(Shown))}{more}. Wait until they have "
                    + "ended, or cancel them with \"plexum-codex cancel --all\", after \"plexum-codex daemon start\" if no daemon runs."
            );
        }
    }

    /// <summary>The running turns, each as part of a sentence.</summary>
    /// <exception cref="IOException">The agents cannot be read.</exception>
    internal static ImmutableArray<string> Find(Profile profile) =>
        Directory.Exists(profile.Agents)
            ?
            [
                .. Directory
                    .EnumerateDirectories(profile.Agents)
                    .Order(StringComparer.Ordinal)
                    .Select(path => AgentId.TryParse(Path.GetFileName(path), out var agent) ? agent : (AgentId?)null)
                    .OfType<AgentId>()
                    .SelectMany(agent => Of(new AgentDirectory(profile.Root, agent))),
            ]
            : [];

    private static ImmutableArray<string> Of(AgentDirectory agent)
    {
        ImmutableArray<string> turns = Directory.Exists(agent.Turns)
            ?
            [
                .. Directory
                    .EnumerateDirectories(agent.Turns)
                    .Order(StringComparer.Ordinal)
                    .Select(path => TurnId.TryParse(Path.GetFileName(path), out var turn) ? turn : (TurnId?)null)
                    .OfType<TurnId>()
                    .Select(turn => (Turn: turn, Codex: CodexOf(TurnDirectory.Of(agent, turn), turn)))
                    .Where(turn => turn.Codex is not null)
                    .Select(turn => $"turn {turn.Turn} of agent {agent.AgentId} ({turn.Codex})"),
            ]
            : [];
        return turns.IsEmpty && HolderOf(agent.LockFile) is { } holder ? [$"a turn of agent {agent.AgentId} (in {holder})"] : turns;
    }

    // The pid of a codex is recorded only after its start, and its program may have died in between.
    private static ProcessIdentity? CodexOf(TurnDirectory directory, TurnId turn) =>
        AppServerRecord.Load(directory) is { Settled: false } warm ? ServerOf(warm)
        : ExecRecord.Load(directory) is not { Settled: false } record ? null
        : record.Pid == 0 ? Survivor.FindCodex(turn)
        : new ProcessIdentity(record.Pid, record.PidStartedAt, record.BootId ?? "") is { IsRunning: true } codex ? codex
        : null;

    // Whether the turn goes on there, only the server knows.
    private static ProcessIdentity? ServerOf(AppServerRecord record) =>
        new ProcessIdentity(record.ServerPid, record.ServerStartTicks, ProcessIdentity.CurrentBootId) is { IsRunning: true } server
            ? server
            : null;

    // Asked of the lock itself: /proc/locks does not name holders on every file system.
    private static LockHolder? HolderOf(string lockFile)
    {
        if (FileStatus.OfPath(lockFile) is null)
        {
            return null;
        }

        using var own = FileLock.TryAcquire(lockFile, out var holder);
        return holder;
    }
}
