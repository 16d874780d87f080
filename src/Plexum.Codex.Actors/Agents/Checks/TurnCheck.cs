using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>The result of checking a request before its turn is accepted.</summary>
/// <param name="Prompt">The prompt; null if the turn cannot run.</param>
/// <param name="Model">The value of <c>--model</c>, or null.</param>
/// <param name="Refusal">Why it cannot run, or null.</param>
internal sealed record TurnCheck(Prompt? Prompt, string? Model, TurnRefusal? Refusal)
{
    public static TurnCheck Refuse(TurnRefusalReason reason, string message) => new(null, null, new TurnRefusal(reason, message));

    /// <summary>Checks the workspace, then the prompt, then the model; the Go plugin has the same order.</summary>
    public static TurnCheck Of(TurnRequest request, AgentSettings settings)
    {
        if (Workspace.Prepare(request.Workspace) is { } unusable)
        {
            return new TurnCheck(null, null, unusable);
        }

        if (!Prompt.TryCreate(request.Messages, out var prompt, out var refusal))
        {
            return new TurnCheck(null, null, refusal);
        }

        refusal = ModelName.Resolve(request.Model, settings.ModelArgs, out var model);
        return new TurnCheck(prompt, model, refusal);
    }
}
