using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Approvals;

/// <summary>Keeps questions for as long as the process lives: for commands that run turns themselves.</summary>
public sealed class InMemoryApprovals : IApprovalBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TurnId Turn, ApprovalId Id), PendingApproval> _asked = [];

    /// <inheritdoc/>
    public Task<PendingApproval> AskAsync(PendingApproval asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        lock (_gate)
        {
            _asked.TryAdd((asked.TurnId, asked.Question.Id), asked);
            return Task.FromResult(_asked[(asked.TurnId, asked.Question.Id)]);
        }
    }

    /// <inheritdoc/>
    public Task<PendingApproval?> AnswerAsync(TurnId turn, ApprovalId id, ApprovalAnswer answer, string by)
    {
        lock (_gate)
        {
            if (_asked.GetValueOrDefault((turn, id)) is { Answer: null } open)
            {
                _asked[(turn, id)] = open with { Answer = answer, AnsweredBy = by };
            }

            return Task.FromResult(_asked.GetValueOrDefault((turn, id)));
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<PendingApproval>> PendingAsync(TurnId? turn = null)
    {
        lock (_gate)
        {
            return Task.FromResult<ImmutableArray<PendingApproval>>([
                .. _asked
                    .Values.Where(asked => asked.Answer is null && (turn is null || asked.TurnId == turn))
                    .OrderBy(asked => asked.AskedAt),
            ]);
        }
    }

    /// <inheritdoc/>
    public void Close(TurnId turn)
    {
        lock (_gate)
        {
            foreach (var asked in _asked.Keys.Where(key => key.Turn == turn).ToList())
            {
                _asked.Remove(asked);
            }
        }
    }
}
