using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// Whether the profile and the ledger can be written, asked with a deadline. What hangs, as on a network file system that is gone, is asked
/// once and not again before it has answered. Thread-safe.
/// </summary>
/// <param name="profile">The root of the profile.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="problems">Is told what was found.</param>
/// <param name="time">The clock of the deadline.</param>
internal sealed class DaemonHealth(string profile, ITurnLedger ledger, IProblemReporter problems, TimeProvider time)
{
    /// <summary>How long each answer may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly WriteProbe _writing = new(profile, time);
    private volatile bool _isUnwritable;
    private Task? _flush;

    /// <summary>Tries to write in the profile.</summary>
    /// <returns>Why it cannot be written, as a sentence; null if it can.</returns>
    public async Task<string?> TryWriteAsync(CancellationToken cancellationToken = default)
    {
        if (await _writing.TryAsync(Limit, cancellationToken).ConfigureAwait(false) is not { } why)
        {
            _isUnwritable = false;
            problems.Ends(ProblemKinds.ProfileUnwritable);
            return null;
        }

        var problem = $"The profile {profile} cannot be written: {why}";
        _isUnwritable = true;
        problems.Begins(ProblemKinds.ProfileUnwritable, problem);
        return problem;
    }

    /// <summary>The same where the last try has failed; otherwise nothing is tried, since that costs a write.</summary>
    public Task<string?> WhyUnwritableAsync(CancellationToken cancellationToken = default) =>
        _isUnwritable ? TryWriteAsync(cancellationToken) : Task.FromResult<string?>(null);

    /// <summary>Waits until the ledger has written what it was told before, or a whole flush later at the most.</summary>
    /// <returns>Why it has not, as a sentence; null if it has.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger is closed.</exception>
    public async Task<string?> FlushLedgerAsync(CancellationToken cancellationToken = default)
    {
        Task flush;
        lock (_gate)
        {
            if (_flush is not { IsCompleted: false })
            {
                _flush = ledger.FlushAsync(CancellationToken.None);
            }

            flush = _flush;
        }

        try
        {
            await flush.WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return FormattableString.Invariant(
                $"The ledger in {profile} has not been written for {Limit.TotalSeconds:0} seconds; GET /v1/problems and the log say why."
            );
        }
    }
}
