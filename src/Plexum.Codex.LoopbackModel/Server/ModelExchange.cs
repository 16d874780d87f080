using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>A request and its outcome.</summary>
public sealed class ModelExchange
{
    private readonly TaskCompletionSource<ExchangeOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ModelExchange(long number, ModelRequest? request, string? refusal)
    {
        Number = number;
        Request = request;
        Refusal = refusal;
    }

    /// <summary>The exchange's number in order of arrival, counted from 1.</summary>
    public long Number { get; }

    /// <summary>The request; null if it was invalid.</summary>
    public ModelRequest? Request { get; }

    /// <summary>Why the request or the script's answer was refused, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Completes when the answer has ended in any way. Never fails.</summary>
    public Task<ExchangeOutcome> Outcome => _ended.Task;

    internal void End(ExchangeOutcome outcome) => _ended.TrySetResult(outcome);

    internal void Refuse(string why)
    {
        Refusal = why;
        End(ExchangeOutcome.Refused);
    }
}
