using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>
/// Has the person at the terminal of a <c>say</c> answer codex's questions with one key each. Without a terminal it says how to answer. The
/// questions themselves are shown as events.
/// </summary>
/// <param name="answer">Gives an answer; throws <see cref="CodexException"/> with a sentence if it is not taken.</param>
/// <param name="keys">The keys that are pressed; null where nobody can press any.</param>
/// <param name="elsewhere">How to answer where no key can, as a sentence.</param>
/// <param name="tell">Shows a sentence.</param>
/// <param name="prompt">Shows a sentence that asks for a key, so that it cannot be taken for words of the model.</param>
/// <param name="time">The clock.</param>
internal sealed class TerminalQuestions(
    Func<ApprovalQuestion, ApprovalAnswer, Task> answer,
    IKeys? keys,
    Func<ApprovalQuestion, string> elsewhere,
    Action<string> tell,
    Action<string> prompt,
    TimeProvider time
) : IAsyncDisposable
{
    private const int MaxColumns = 200;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    // As long as it takes to see that something is asked: a key that comes sooner was meant for something else.
    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<ApprovalQuestion> _open = [];
    private readonly CancellationTokenSource _end = new();
    private bool _areKeysLost;
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
            case CanonicalEvent.ApprovalRequest { Question: var question } when !IsAsked(question):
                tell($"The turn waits. {elsewhere(question)}");
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

    private bool IsAsked(ApprovalQuestion question)
    {
        lock (_gate)
        {
            if (keys is null || _areKeysLost)
            {
                return false;
            }

            _open.Add(question);
            if (_open.Count == 1)
            {
                _asking = AskAfterAsync(_asking);
            }

            return true;
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
        try
        {
            while (Head() is { } question)
            {
                tell($"{question.Id}: {TextCells.Cut(ApprovalTexts.OneLine(question), MaxColumns)}");
                prompt(TerminalAnswers.Explain(question, elsewhere));
                if (await KeyAsync(question).ConfigureAwait(false) is { } decided)
                {
                    await GiveAsync(question, decided).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over, or the command.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LoseKeys(e);
        }
    }

    private async Task<ApprovalAnswer?> KeyAsync(ApprovalQuestion question)
    {
        await Task.Delay(Deaf, time, _end.Token).ConfigureAwait(false);
        while (keys!.TryRead() is not null) { }

        while (Head() == question)
        {
            if (keys.TryRead() is not { } key)
            {
                await Task.Delay(Beat, time, _end.Token).ConfigureAwait(false);
            }
            else if (TerminalAnswers.Of(question, key) is { } decided)
            {
                return decided;
            }
        }

        return null;
    }

    // A question whose answer was not taken is asked again, until an event says that it needs none.
    private async Task GiveAsync(ApprovalQuestion question, ApprovalAnswer decided)
    {
        try
        {
            await answer(question, decided).ConfigureAwait(false);
            Remove(question.Id);
        }
        catch (CodexException e)
        {
            tell(e.Message);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            tell($"Whether the answer to {question.Id} was taken is unknown: {e.Message}");
        }
    }

    private void LoseKeys(Exception e)
    {
        ApprovalQuestion[] open;
        lock (_gate)
        {
            _areKeysLost = true;
            open = [.. _open];
            _open.Clear();
        }

        tell($"The terminal gives no keys any more: {e.Message}");
        foreach (var question in open)
        {
            tell($"The turn waits. {elsewhere(question)}");
        }
    }
}
