using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Waiting;

/// <summary>
/// Tells the actor of a turn's run, once, that codex has been silent for a while, and which files in codex's home are locked since a moment
/// before that. Belongs to the actor, which gets <see cref="StillSilent"/> and hands it to <see cref="Look"/>.
/// </summary>
/// <param name="limit">How long codex may be silent; null for as long as it likes.</param>
/// <param name="codexHome">Codex's home.</param>
internal sealed class SilenceWatch(TimeSpan? limit, string codexHome)
{
    private const string FirstTimer = "silent-first";
    private const string Timer = "silent";

    // Longer than a codex holds a lock in passing.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private Task<ImmutableArray<HomeLock>>? _firstLook;
    private bool _isOver;

    /// <summary>After how long it is told, as part of a sentence: <c>after 5 s</c>.</summary>
    public string After => string.Create(CultureInfo.InvariantCulture, $"after {limit?.TotalSeconds:0.###} s");

    /// <summary>Watches an attempt from its beginning, unless it was told of an earlier one.</summary>
    public void Begin(ITimerScheduler timers)
    {
        if (!_isOver && limit is { } time)
        {
            _firstLook = null;
            var first = time < 2 * BetweenLooks ? time / 2 : time - BetweenLooks;
            timers.StartSingleTimer(FirstTimer, new StillSilent(IsFirst: true), first);
            timers.StartSingleTimer(Timer, new StillSilent(IsFirst: false), time);
        }
    }

    /// <summary>Stops watching.</summary>
    public static void Stop(ITimerScheduler timers)
    {
        timers.Cancel(FirstTimer);
        timers.Cancel(Timer);
    }

    /// <summary>Looks at the locks in codex's home a moment before the time.</summary>
    /// <param name="message">What a timer sent.</param>
    /// <returns>What was locked then, if the time has come; null if not.</returns>
    public Task<ImmutableArray<HomeLock>>? Look(StillSilent message)
    {
        if (message.IsFirst)
        {
            _firstLook = LookAsync();
            return null;
        }

        _isOver = true;
        return _firstLook ?? LookAsync();
    }

    /// <summary>Why codex may wait, as a sentence. File work.</summary>
    /// <param name="lockedBefore">What <see cref="Look"/> found.</param>
    /// <param name="own">The processes of codex, which wait for nobody's lock but others'.</param>
    /// <param name="servers">What codex has started.</param>
    public string Explain(ImmutableArray<HomeLock> lockedBefore, IReadOnlySet<int> own, ImmutableArray<Survivor> servers) =>
        HomeLock.InBoth(lockedBefore, HomeLock.Find(codexHome), own) is { } locked
            ? $"{locked.File} in codex's home is locked by {locked.Holder}."
        : servers.IsEmpty ? "No lock on a file in its home was found; it may wait for the network or a disk."
        : $"It may wait for an MCP server of its configuration. It has started {string.Join<Survivor>(", ", servers)}.";

    /// <summary>What is told if that could not be found out.</summary>
    public string Unexplained(Exception cause) =>
        $"The turn has not begun {After}, and what it waits for could not be found out: {cause.Message}";

    private Task<ImmutableArray<HomeLock>> LookAsync() => FileWork.Run(() => HomeLock.Find(codexHome));
}

/// <summary>The turn has been silent for a while.</summary>
/// <param name="IsFirst">Whether this comes a moment before the time after which the readers are told.</param>
internal sealed record StillSilent(bool IsFirst);
