using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Retention;

/// <summary>One round of deleting turns that are too old or exceed the space limit.</summary>
/// <param name="profile">The root of the profile.</param>
/// <param name="ledger">Knows which turns have ended.</param>
/// <param name="logs">Knows whether a turn's log is complete.</param>
/// <param name="readers">Knows which turns are being read.</param>
/// <param name="settings">The limits on age and space.</param>
/// <param name="now">The time of the round.</param>
internal sealed class RetentionSweep(
    string profile,
    ITurnLedger ledger,
    ITurnLogStore logs,
    TurnReaders readers,
    RetentionSettings settings,
    DateTimeOffset now
)
{
    private const int PageSize = 200;

    private int _removed;
    private long _bytes;
    private string? _problem;
    private volatile bool _stopped;

    /// <summary>
    /// Whether the messages of turns whose size is not known yet are joined, as in the first round after a start, or until one gets
    /// through: the process that ended them may have died before it did so.
    /// </summary>
    public bool JoinsMessages { get; init; }

    /// <summary>Stops the round between two turns; the next round records what was deleted by then.</summary>
    public void Stop() => _stopped = true;

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read or written.</exception>
    public async Task<RetentionProtocol.Swept> RunAsync()
    {
        var left = await RemoveAsync(turn => now - turn.EndedAt >= settings.Turns).ConfigureAwait(false);
        if (left > settings.MaxBytes)
        {
            var excess = left - settings.MaxBytes;
            var before = _bytes;
            await RemoveAsync(_ => _bytes - before < excess).ConfigureAwait(false);
        }

        await RemoveUnknownAsync().ConfigureAwait(false);
        return new RetentionProtocol.Swept(_removed, _bytes, await ForgetAsync().ConfigureAwait(false), _problem);
    }

    /// <summary>Goes through the turns, oldest first, a page at a time.</summary>
    /// <returns>The size of the remaining files, in bytes.</returns>
    private async Task<long> RemoveAsync(Func<TurnEntry, bool> isUnwanted)
    {
        var left = 0L;
        var last = 0L;
        while (await ledger.EndedWithFilesAsync(last, PageSize).ConfigureAwait(false) is { IsEmpty: false } page)
        {
            var gone = new List<TurnId>();
            var measured = new List<(TurnId, long)>();
            foreach (var turn in page)
            {
                ThrowIfStopped();
                var bytes = turn.FilesBytes ?? await MeasureAsync(turn).ConfigureAwait(false);
                if (await TryRemoveAsync(turn, bytes, isUnwanted).ConfigureAwait(false))
                {
                    gone.Add(turn.TurnId);
                    continue;
                }

                left += bytes ?? 0;
                if (turn.FilesBytes is null && bytes is { } counted)
                {
                    measured.Add((turn.TurnId, counted));
                }
            }

            last = page[^1].Number;
            await NoteAsync(gone, measured).ConfigureAwait(false);
        }

        return left;
    }

    private async Task NoteAsync(List<TurnId> gone, List<(TurnId, long)> measured)
    {
        if (measured.Count > 0)
        {
            await ledger.NoteFilesAsync(measured).ConfigureAwait(false);
        }

        if (gone.Count > 0)
        {
            await ledger.NoteFilesRemovedAsync(gone).ConfigureAwait(false);
        }
    }

    // True if nothing is left of it, even if there was nothing before.
    private async Task<bool> TryRemoveAsync(TurnEntry turn, long? bytes, Func<TurnEntry, bool> isUnwanted)
    {
        var agent = new AgentDirectory(profile, turn.AgentId);
        var directory = TurnDirectory.Of(agent, turn.TurnId);
        if (!TurnFiles.IsThere(agent, directory))
        {
            return true;
        }

        return bytes is { } counted
            && isUnwanted(turn)
            && !await IsUnfinishedAsync(turn.AgentId, turn.TurnId, directory).ConfigureAwait(false)
            && await TryRemoveAsync(turn.TurnId, directory, counted, isKnown: true).ConfigureAwait(false);
    }

    private async Task<bool> TryRemoveAsync(TurnId turn, TurnDirectory directory, long bytes, bool isKnown)
    {
        using var lease = readers.TryRemove(turn);
        if (lease is null)
        {
            return false;
        }

        try
        {
            TurnFiles.Remove(directory.Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem ??= $"The files of the turn {turn} ({directory.Root}) cannot be deleted: {e.Message}";
            return false;
        }

        _removed++;
        _bytes += bytes;
        if (isKnown)
        {
            // Noted while the lease is held: a reader in between would take the turn for one whose events were lost.
            await ledger.NoteFilesRemovedAsync([turn]).ConfigureAwait(false);
        }

        return true;
    }

    // A turn whose log has no end may still be written to.
    private async Task<bool> IsUnfinishedAsync(AgentId agent, TurnId turn, TurnDirectory directory) =>
        logs.Exists(agent, turn) && !await HasEndAsync(agent, turn, directory).ConfigureAwait(false);

    private async Task<bool> HasEndAsync(AgentId agent, TurnId turn, TurnDirectory directory)
    {
        try
        {
            return await logs.FindEndAsync(agent, turn).ConfigureAwait(false) is { HasEnd: true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem ??= $"The files in {directory.Root} cannot be read: {e.Message}";
            return false;
        }
    }

    private async Task<long?> MeasureAsync(TurnEntry turn)
    {
        var agent = new AgentDirectory(profile, turn.AgentId);
        var directory = TurnDirectory.Of(agent, turn.TurnId);
        if (!TurnFiles.IsThere(agent, directory))
        {
            return null;
        }

        if (JoinsMessages)
        {
            await JoinAsync(turn, directory).ConfigureAwait(false);
        }

        return Measure(directory);
    }

    private async Task JoinAsync(TurnEntry turn, TurnDirectory directory)
    {
        try
        {
            if (logs.Exists(turn.AgentId, turn.TurnId) && await HasEndAsync(turn.AgentId, turn.TurnId, directory).ConfigureAwait(false))
            {
                await logs.CompactAsync(turn.AgentId, turn.TurnId).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem ??= $"The messages in {directory.EventsFile} stay in pieces: {e.Message}";
        }
    }

    private long? Measure(TurnDirectory directory)
    {
        try
        {
            return TurnFiles.Measure(directory.Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem ??= $"The files in {directory.Root} cannot be read: {e.Message}";
            return null;
        }
    }

    // Commands that run a turn in their own process have no ledger; only the directories show their turns.
    private async Task RemoveUnknownAsync()
    {
        foreach (var (agent, directory, turn) in OldDirectories())
        {
            ThrowIfStopped();
            if (
                TurnFiles.IsThere(agent, directory)
                && await HasEndAsync(agent.AgentId, turn, directory).ConfigureAwait(false)
                && await ledger.FindTurnAsync(turn).ConfigureAwait(false) is null
                && Measure(directory) is { } bytes
            )
            {
                await TryRemoveAsync(turn, directory, bytes, isKnown: false).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<(AgentDirectory, TurnDirectory, TurnId)> OldDirectories() =>
        from name in Names(Path.Combine(profile, "agents"))
        where AgentId.TryParse(name, out _)
        let agent = new AgentDirectory(profile, AgentId.Parse(name))
        from turnName in TurnFiles.IsDirectory(agent.Root) ? Names(agent.Turns) : []
        where TurnId.TryParse(turnName, out _)
        let turn = TurnId.Parse(turnName)
        let directory = TurnDirectory.Of(agent, turn)
        where now - TurnFiles.LastWrite(directory) >= settings.Turns
        select (agent, directory, turn);

    private static string[] Names(string directory) =>
        TurnFiles.IsDirectory(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))] : [];

    private async Task<int> ForgetAsync()
    {
        var all = 0;
        int some;
        do
        {
            ThrowIfStopped();
            some = await ledger.ForgetTurnsAsync(now - settings.Rows, PageSize).ConfigureAwait(false);
            all += some;
        } while (some == PageSize);

        return all;
    }

    private void ThrowIfStopped()
    {
        if (_stopped)
        {
            throw new OperationCanceledException("The program is stopping.");
        }
    }
}
