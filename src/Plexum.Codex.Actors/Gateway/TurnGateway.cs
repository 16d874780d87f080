using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Gateway.Answers;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Gateway;

/// <summary>
/// The one way to the agents, for every surface: submits turns, follows, cancels and looks them up, and has tool calls consumed. It holds
/// the rules that surfaces share: when work is accepted, the ids of new turns, how long an agent may take to answer, and
/// what every reader of a turn gets (<see cref="TurnFollower"/>). A surface only translates the answers. Safe for any thread.
/// </summary>
/// <param name="services">What it works with.</param>
public sealed class TurnGateway(GatewayServices services)
{
    /// <summary>How long a follower waits before it asks the ledger again, unless told otherwise.</summary>
    public static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Whether new work is accepted now.</summary>
    public GatewayState State => services.State();

    /// <summary>
    /// Submits a turn. Calls for one agent from one thread are accepted in the order of the calls. Once accepted, the turn runs whether or
    /// not anybody follows it.
    /// </summary>
    /// <param name="submission">The turn.</param>
    /// <param name="cancellationToken">Gives up waiting; the turn may have been accepted.</param>
    public async Task<Submission> SubmitAsync(TurnSubmission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (State is not GatewayState.Open and var state)
        {
            return new Submission.NotOpen(state);
        }

        var request = submission.Request;
        var command = new AgentProtocol.SubmitTurn(
            TurnId.New(services.Time),
            request,
            submission.Submitter,
            submission.IdempotencyKey,
            submission.ToolHandler
        )
        {
            NamesNoWorkspace = request.Workspace is null,
        };
        try
        {
            var answer = await AskAsync<AgentProtocol.IReply>(command, cancellationToken).ConfigureAwait(false);
            return answer switch
            {
                AgentProtocol.TurnAccepted accepted => new Submission.Accepted(accepted.TurnId, accepted.Position, accepted.IsNew)
                {
                    Warning = accepted.IsOfOtherRequest
                        ? $"idempotency_key: turn {accepted.TurnId} was submitted with another request and has this key; "
                            + "it is the answer, and this request is not run (turns.idempotency-key-reuse)."
                        : null,
                },
                AgentProtocol.TurnRejected { Refusal.Reason: TurnRefusalReason.IdempotencyKeyReused } rejected => new Submission.Refused(
                    rejected.Refusal,
                    rejected.TurnId
                ),
                AgentProtocol.TurnRejected rejected => new Submission.Refused(rejected.Refusal),
                var other => throw Unexpected(other),
            };
        }
        catch (AskTimeoutException)
        {
            return Submission.NoAnswer.Instance;
        }
    }

    /// <summary>Follows a turn, whether it waits, runs or has ended.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="afterSeq">The number of the last event that the reader has; 0 for none.</param>
    /// <param name="heartbeat">How long nothing may happen before the reader gets a beat; null for <see cref="DefaultHeartbeat"/>.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<FollowAnswer> FollowAsync(
        TurnId turn,
        long afterSeq = 0,
        TimeSpan? heartbeat = null,
        CancellationToken cancellationToken = default
    )
    {
        // In this order: what the ledger says of the files holds for as long as the lease is held.
        var lease = services.Readers.TryRead(turn);
        try
        {
            if (await FindAsync(turn).ConfigureAwait(false) is not { } entry)
            {
                return FollowAnswer.Unknown.Instance;
            }

            if (lease is null || entry.FilesRemoved)
            {
                return new FollowAnswer.Removed(entry);
            }

            var follower = new TurnFollower(services, entry, lease, afterSeq, heartbeat ?? DefaultHeartbeat, cancellationToken);
            lease = null;
            return new FollowAnswer.Followed(follower);
        }
        finally
        {
            lease?.Dispose();
        }
    }

    /// <summary>The events of a turn as lines, those that are there and those to come.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="afterSeq">The number of the last event that the reader has; 0 for none.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="CodexException">The turn is unknown, or its events were deleted.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async IAsyncEnumerable<TurnLogLine> ReadAsync(
        TurnId turn,
        long afterSeq = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await using var follower = await FollowThereAsync(turn, afterSeq, null, cancellationToken).ConfigureAwait(false);
        await foreach (var line in follower.ReadAsync().ConfigureAwait(false))
        {
            yield return line;
        }
    }

    /// <summary>Follows a turn that must be there.</summary>
    /// <inheritdoc cref="FollowAsync"/>
    /// <exception cref="CodexException">The turn is unknown, or its events were deleted.</exception>
    public async Task<TurnFollower> FollowThereAsync(
        TurnId turn,
        long afterSeq = 0,
        TimeSpan? heartbeat = null,
        CancellationToken cancellationToken = default
    ) =>
        await FollowAsync(turn, afterSeq, heartbeat, cancellationToken).ConfigureAwait(false) switch
        {
            FollowAnswer.Followed followed => followed.Follower,
            FollowAnswer.Removed => throw new CodexException($"The events of the turn {turn} were deleted to make room."),
            _ => throw new CodexException($"There is no turn {turn}, or it is so old that it was forgotten."),
        };

    /// <summary>Waits until a turn has ended, and reads its log once.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="heartbeat">How often the ledger is asked while nothing is heard; null for <see cref="DefaultHeartbeat"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null for a turn that is unknown or forgotten.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<FinishedTurn?> FinishAsync(TurnId turn, TimeSpan? heartbeat = null, CancellationToken cancellationToken = default)
    {
        switch (await FollowAsync(turn, 0, heartbeat, cancellationToken).ConfigureAwait(false))
        {
            case FollowAnswer.Followed { Follower: var follower }:
                await using (follower)
                {
                    return await follower.FinishAsync().ConfigureAwait(false);
                }

            case FollowAnswer.Removed { Turn: var entry }:
                return FinishedTurn.Of(LoggedTurn.Nothing, LedgerEnding.Of(entry, told: null, lastSeq: 0, logHasError: false));
            default:
                return null;
        }
    }

    /// <summary>Ends a turn early, or takes it out of its agent's queue.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="force">Kill codex at once, without asking it to stop first.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<CancelAnswer> CancelAsync(TurnId turn, bool force)
    {
        if (await FindAsync(turn).ConfigureAwait(false) is not { } entry)
        {
            return CancelAnswer.Unknown;
        }

        if (entry.State == TurnState.Ended)
        {
            return CancelAnswer.Ended;
        }

        try
        {
            var command = new AgentProtocol.CancelTurn(entry.AgentId, turn, force);
            var answer = await AskAsync<AgentProtocol.CancelAnswered>(command, CancellationToken.None).ConfigureAwait(false);
            return answer.Outcome switch
            {
                CancelOutcome.Dequeued => CancelAnswer.Dequeued,
                CancelOutcome.Stopping => CancelAnswer.Stopping,
                CancelOutcome.Killed => CancelAnswer.Killed,
                CancelOutcome.Ending => CancelAnswer.Ending,
                _ => await HasEndedAsync(turn).ConfigureAwait(false) ? CancelAnswer.Ended : CancelAnswer.NotCurrent,
            };
        }
        catch (AskTimeoutException)
        {
            return CancelAnswer.NoAnswer;
        }
    }

    /// <summary>Adds to the prompt of a running turn, so that the model sees it before it goes on.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="text">The text to add.</param>
    /// <param name="by">Who says it, as the turn's event has it.</param>
    /// <param name="submitter">As whom they would submit a turn: a guest adds to no turn of the owner's.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read; nothing was said.</exception>
    public async Task<CodexBackendProtocol.SteerAnswered> SteerAsync(
        AgentId agent,
        TurnId turn,
        string text,
        string by,
        Submitter submitter
    )
    {
        CodexBackendProtocol.SteerAnswered answer;
        try
        {
            var command = new AgentProtocol.SteerTurn(agent, turn, text, by, submitter);
            answer = await AskAsync<CodexBackendProtocol.SteerAnswered>(command, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return new CodexBackendProtocol.SteerAnswered(SteerOutcome.Unknown);
        }

        return answer.Outcome == SteerOutcome.NotAtHand && await HasEndedAsync(turn).ConfigureAwait(false)
            ? answer with
            {
                Outcome = SteerOutcome.NotRunning,
            }
            : answer;
    }

    /// <summary>Answers a question of codex.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="id">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="by">Who answers; one of <see cref="ApprovalAnswerers"/>.</param>
    /// <returns>What became of it; null for a turn that is unknown.</returns>
    /// <exception cref="AskTimeoutException">The agent did not answer in time; codex may get the answer.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<ApprovalReceipt?> AnswerAsync(TurnId turn, ApprovalId id, ApprovalAnswer answer, string by)
    {
        if (await FindAsync(turn).ConfigureAwait(false) is not { } entry)
        {
            return null;
        }

        if (entry.State == TurnState.Ended)
        {
            return new ApprovalReceipt(ApprovalOutcome.NotRunning);
        }

        var command = new AgentProtocol.AnswerApproval(entry.AgentId, turn, id, answer, by);
        var receipt = await PassAsync().ConfigureAwait(false);
        return receipt.Outcome is ApprovalOutcome.NotAsked or ApprovalOutcome.NotAtHand
            ? await new EarlyAnswer(services.ApprovalBook, services.Time, command).KeepAsync(PassAsync).ConfigureAwait(false) ?? receipt
            : receipt;

        Task<ApprovalReceipt> PassAsync() => AskAsync<ApprovalReceipt>(command, CancellationToken.None);
    }

    /// <summary>
    /// Has old tool calls taken out of an agent's thread, after the turns that were accepted before. It waits as long as they take.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="workspace">The absolute path of the workspace; null for the one that the agent has on record.</param>
    /// <param name="toConsume">What is to become of which calls.</param>
    /// <param name="submitter">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; the consume may be carried out.</param>
    public async Task<ConsumeAnswer> ConsumeAsync(
        AgentId agent,
        string? workspace,
        ImmutableArray<CallToConsume> toConsume,
        Submitter submitter,
        CancellationToken cancellationToken = default
    )
    {
        if (State is not GatewayState.Open and var state)
        {
            return new ConsumeAnswer.NotOpen(state);
        }

        if (workspace?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return new ConsumeAnswer.Failed(
                new ConsumeFailure(
                    ConsumeFailureReason.BadWorkspace,
                    $"codex: workspace \"{workspace}\" has a NUL character, which no path can have; name the agent's own directory"
                )
            );
        }

        if (Path.IsPathFullyQualified(workspace ?? "") && services.Workspaces.WhyNot(workspace!, agent, submitter) is { } why)
        {
            var refusal = TurnRefusal.WorkspaceNotAllowed(workspace!, why);
            return new ConsumeAnswer.Failed(new ConsumeFailure(ConsumeFailureReason.WorkspaceNotAllowed, refusal.Message));
        }

        try
        {
            workspace ??= await FileWork.Run(() => DefaultWorkspaceOf(agent, submitter)).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            return new ConsumeAnswer.Failed(new ConsumeFailure(ConsumeFailureReason.Internal, $"codex: {e.Message}"));
        }

        var command = new AgentProtocol.Consume(agent, workspace, toConsume);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
        try
        {
            var asking = services.Registry.Ask<AgentProtocol.IReply>(command, Timeout.InfiniteTimeSpan, end.Token);
            var answer = await asking.ConfigureAwait(false);
            return answer switch
            {
                AgentProtocol.ConsumeAnswered answered => new ConsumeAnswer.Done(answered.Result),
                AgentProtocol.ConsumeFailed failed => new ConsumeAnswer.Failed(failed.Failure),
                var other => throw Unexpected(other),
            };
        }
        catch (OperationCanceledException) when (services.Stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ConsumeAnswer.NotOpen(GatewayState.ShuttingDown);
        }
    }

    /// <summary>What the ledger knows of a turn; null for one that is unknown or forgotten.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public Task<TurnEntry?> FindAsync(TurnId turn) => services.Ledger.FindTurnAsync(turn);

    // The agent forgets a turn when it ends, and the end is in the ledger a moment later.
    private async Task<bool> HasEndedAsync(TurnId turn)
    {
        await Task.WhenAny(services.Ledger.FlushAsync(), Task.Delay(WatchedTurn.LedgerLimit, services.Time)).ConfigureAwait(false);
        return await FindAsync(turn).ConfigureAwait(false) is { State: TurnState.Ended };
    }

    private Task<T> AskAsync<T>(AgentProtocol.ICommand command, CancellationToken cancellationToken) =>
        services.Registry.Ask<T>(command, services.AnswerLimit, cancellationToken);

    // The workspace on record may be one that only the owner may name.
    private string DefaultWorkspaceOf(AgentId agent, Submitter submitter)
    {
        var directory = new AgentDirectory(services.Profile, agent);
        var current = new AgentWorkspace(directory).Current;
        return services.Workspaces.WhyNot(current, agent, submitter) is null ? current : directory.DefaultWorkspace;
    }

    private static InvalidOperationException Unexpected(AgentProtocol.IReply answer) =>
        new($"The agent answered with a {answer.GetType().Name}; this is a bug in plexum-codex.");
}
