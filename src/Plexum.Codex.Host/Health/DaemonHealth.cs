using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// Whether the profile and the ledger can be written, and the room on the profile's disk, asked with a deadline. What hangs, as on a
/// network file system that is gone, is asked once and not again before it has answered. Thread-safe.
/// </summary>
/// <param name="profile">The root of the profile.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="problems">Is told what was found.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="room">Looks at the room on the profile's disk; null for the usual probe. It may block.</param>
/// <param name="writing">Tries to write in the profile; null for the usual probe.</param>
internal sealed class DaemonHealth(
    string profile,
    ITurnLedger ledger,
    IProblemReporter problems,
    TimeProvider time,
    Func<RoomProbe.Result>? room = null,
    WriteProbe? writing = null
)
{
    /// <summary>How long each answer may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>How long the result of a try is good for callers that may ask without end.</summary>
    public static readonly TimeSpan Reuse = TimeSpan.FromSeconds(1);

    // With less a write is tried before each turn. 1 MiB and 100 files: a turn begins with about ten small files.
    private const long LittleRoom = 1024 * 1024;
    private const long FewFiles = 100;

    private readonly WriteProbe _writing = writing ?? new WriteProbe(profile, time);
    private readonly OneAtATime<RoomProbe.Result> _room = new(() => FileWork.Run(room ?? new RoomProbe(profile).Look));
    private readonly OneAtATime<OpenTurns> _openTurns = new(ledger.OpenTurnsAsync);
    private readonly OneAtATime<bool> _flush = new(async () =>
    {
        await ledger.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return true;
    });

    private volatile Tried? _tried;

    /// <summary>Tries to write in the profile.</summary>
    /// <returns>Why it cannot be written, as a sentence; null if it can.</returns>
    public async Task<string?> TryWriteAsync(CancellationToken cancellationToken = default)
    {
        var why = await _writing.TryAsync(Limit, cancellationToken).ConfigureAwait(false);
        var problem = why is null ? null : $"The profile {profile} cannot be written: {why}";
        _tried = new Tried(problem, time.GetTimestamp());
        if (problem is null)
        {
            problems.Ends(ProblemKinds.ProfileUnwritable);
        }
        else
        {
            problems.Begins(ProblemKinds.ProfileUnwritable, problem);
        }

        return problem;
    }

    /// <summary>
    /// The same; what a try has found less than <see cref="Reuse"/> ago counts. For callers whom nothing else keeps from having a disk
    /// written to all the time.
    /// </summary>
    public Task<string?> TryWriteAtTimesAsync(CancellationToken cancellationToken = default) =>
        _tried is { } tried && time.GetElapsedTime(tried.At) < Reuse ? Task.FromResult(tried.Problem) : TryWriteAsync(cancellationToken);

    /// <summary>
    /// The same before a turn is accepted. A write that succeeded less than <see cref="Reuse"/> ago counts while the disk has room, since a
    /// try costs a flush. That the ledger takes the turn proves nothing: it writes in a file that is as large as it ever was. While
    /// a try hangs, what the last one found is the answer at once.
    /// </summary>
    public async Task<string?> WhyUnwritableAsync(CancellationToken cancellationToken = default)
    {
        if (_tried is { Problem: { } standing } && _writing.IsTrying)
        {
            return standing;
        }

        if (_tried is { Problem: null } tried && time.GetElapsedTime(tried.At) < Reuse)
        {
            var found = await FindRoomAsync(cancellationToken).ConfigureAwait(false);
            if (found?.Room is { FreeBytes: >= LittleRoom, FreeFiles: null or >= FewFiles })
            {
                return null;
            }
        }

        return await TryWriteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at the room on the profile's disk.</summary>
    /// <returns>Whether it answered.</returns>
    public async Task<bool> LookAtRoomAsync()
    {
        if (await FindRoomAsync(CancellationToken.None).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        if (found is { Room: not null, Problem: { } problem })
        {
            problems.Begins(ProblemKinds.RoomLow, problem);
        }
        else
        {
            problems.Ends(ProblemKinds.RoomLow);
        }

        return true;
    }

    /// <summary>Waits until the ledger has written what it was told before, or a whole flush later at the most.</summary>
    /// <returns>Why it has not, as a sentence; null if it has.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger is closed.</exception>
    public async Task<string?> FlushLedgerAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _flush.AskAsync().WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return FormattableString.Invariant(
                $"The ledger in {profile} has not been written for {Limit.TotalSeconds:0} seconds; GET /v1/problems and the log say why."
            );
        }
    }

    /// <summary>Counts the turns that have not ended.</summary>
    /// <returns>Null if the ledger does not answer.</returns>
    public async Task<OpenTurns?> CountOpenTurnsAsync()
    {
        try
        {
            return await _openTurns.AskAsync().WaitAsync(Limit, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or LedgerUnavailableException)
        {
            return null;
        }
    }

    private async Task<RoomProbe.Result?> FindRoomAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _room.AskAsync().WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private sealed record Tried(string? Problem, long At);
}
