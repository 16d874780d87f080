using Plexum.Codex.Approvals;
using Plexum.Codex.Events;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>
/// Has the person at the terminal of a <c>say</c> answer codex's questions with one key each. Without a terminal it says how to answer. The
/// questions themselves are shown as events.
/// </summary>
/// <param name="answer">Gives an answer; throws <see cref="CodexException"/> with a sentence if it is not taken.</param>
/// <param name="keys">The keys that are pressed; null where nobody can press any.</param>
/// <param name="elsewhere">How to answer where no key can: the end of a sentence, given the question's id.</param>
/// <param name="tell">Shows a sentence.</param>
/// <param name="time">The clock.</param>
internal sealed class TerminalQuestions(
    Func<ApprovalQuestion, ApprovalAnswer, Task> answer,
    IKeys? keys,
    Func<ApprovalId, string> elsewhere,
    Action<string> tell,
    TimeProvider time
) : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<ApprovalQuestion> _open = [];
    private readonly CancellationTokenSource _end = new();
    private Task _asking = Task.CompletedTask;

    /// <summary>Takes an event of the turn.</summary>
    /// <param name="line">Its line in the log.</param>
    public void Take(ReadOnlyMemory<byte> line)
    {
        if (!CanonicalJsonReader.TryRead(line, out _, out var value))
        {
            return;
        }

        switch (value)
        {
            case CanonicalEvent.ApprovalRequest { Question: var question } when keys is null:
                tell($"The turn waits. Answer {elsewhere(question.Id)}.");
                break;
            case CanonicalEvent.ApprovalRequest { Question: var question }:
                Add(question);
                break;
            case CanonicalEvent.ApprovalAnswer given:
                Remove(given.Id);
                break;
        }
    }

    /// <summary>Reads no more keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private void Add(ApprovalQuestion question)
    {
        lock (_gate)
        {
            _open.Add(question);
            if (_open.Count == 1)
            {
                _asking = AskAfterAsync(_asking);
            }
        }
    }

    private void Remove(ApprovalId id)
    {
        lock (_gate)
        {
            _open.RemoveAll(question => question.Id == id);
        }
    }

    private ApprovalQuestion? Head()
    {
        lock (_gate)
        {
            return _open.FirstOrDefault();
        }
    }

    private async Task AskAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        while (Head() is { } question)
        {
            // A key that was pressed before the question was there is no answer to it.
            while (keys!.TryRead() is not null) { }

            tell(TerminalAnswers.Explain(question, elsewhere));
            while (Head() == question)
            {
                if (keys.TryRead() is not { } key)
                {
                    await Task.Delay(Beat, time, _end.Token).ConfigureAwait(false);
                }
                else if (TerminalAnswers.Of(question, key) is { } decided)
                {
                    Remove(question.Id);
                    await GiveAsync(question, decided).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task GiveAsync(ApprovalQuestion question, ApprovalAnswer decided)
    {
        try
        {
            await answer(question, decided).ConfigureAwait(false);
        }
        catch (CodexException e)
        {
            tell(e.Message);
        }
    }
}
