using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>A request and what became of it.</summary>
public sealed class ModelExchange
{
    private readonly TaskCompletionSource<ExchangeOutcome> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ModelExchange(long number, ModelRequest? request, string? refusal)
    {
        Number = number;
        Request = request;
        Refusal = refusal;
    }

    /// <summary>Counts from 1 in the order of arrival.</summary>
    public long Number { get; }

    /// <summary>The request; null when it could not be read.</summary>
    public ModelRequest? Request { get; }

    /// <summary>Why the request or the script's answer was refused; null when it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Completes when the answer has ended, one way or another. It never fails.</summary>
    public Task<ExchangeOutcome> Outcome => ended.Task;

    internal void End(ExchangeOutcome outcome) => ended.TrySetResult(outcome);

    internal void Refuse(string why)
    {
        Refusal = why;
        End(ExchangeOutcome.Refused);
    }
}
