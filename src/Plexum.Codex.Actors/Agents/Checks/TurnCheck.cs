using System.Collections.Immutable;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Agents.Checks;

/// <summary>The result of checking a request before its turn is accepted.</summary>
/// <param name="Prompt">The prompt; null if the turn cannot run.</param>
/// <param name="Model">The value of <c>--model</c>, or null.</param>
/// <param name="Refusal">Why it cannot run, or null.</param>
internal sealed record TurnCheck(Prompt? Prompt, string? Model, TurnRefusal? Refusal)
{
    /// <summary>Where the workspace leads now; null if the turn is refused.</summary>
    public string? RealWorkspace { get; private init; }

    /// <summary>The mark of a workspace for which the agent has had no turn before; null if it has.</summary>
    public WorkspaceMark? NewMark { get; private init; }

    public static TurnCheck Refuse(TurnRefusalReason reason, string message) => new(null, null, new TurnRefusal(reason, message));

    /// <summary>
    /// Checks the workspace, then the prompt, then the model; the Go plugin has the same order. Whether another agent works in the
    /// workspace is no matter of this check, which turns go through again after a restart.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">How turns are accepted.</param>
    /// <param name="rules">Where its workspace and its images may lie.</param>
    /// <param name="submitter">Who asks for the turn.</param>
    public static TurnCheck Of(TurnRequest request, AgentSettings settings, WorkspaceRules rules, Submitter submitter)
    {
        if (Workspace.Prepare(request.Workspace, rules, request.AgentId, submitter) is { } unusable)
        {
            return new TurnCheck(null, null, unusable);
        }

        if (!Prompt.TryCreate(request.Messages, out var prompt, out var refusal))
        {
            return new TurnCheck(null, null, refusal);
        }

        var workspace = request.Workspace!;
        var real = RealPath.OfDirectory(Path.GetFullPath(workspace)) ?? workspace;
        var sources = rules.ImageSourcesOf(workspace, real);
        if (StrangeImage(prompt.Images, sources) is { } strange)
        {
            return new TurnCheck(null, null, strange);
        }

        refusal = ModelName.Resolve(request.Model, settings.ModelArgs, out var model);
        if (refusal is not null)
        {
            return new TurnCheck(null, null, refusal);
        }

        var mark = new WorkspaceMark(new AgentDirectory(rules.Profile, request.AgentId), workspace);
        return new TurnCheck(prompt, model, null) { RealWorkspace = real, NewMark = mark.IsKnown ? null : mark };
    }

    // What the path itself says. Links are found when the image is opened.
    private static TurnRefusal? StrangeImage(ImmutableArray<PromptImage> images, ImmutableArray<ImageSource> sources)
    {
        for (var i = 0; i < images.Length; i++)
        {
            if (images[i] is PromptImage.File file && !ImageSource.Allow(sources, file.Path))
            {
                return PromptImage.Refuse(i + 1, $"{file.Path}: {ImageSource.Outside}");
            }
        }

        return null;
    }
}
