using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// The arguments of <c>codex exec</c> for one turn. The prompt is not among them: <c>-</c> makes codex read it from its stdin,
/// which takes any text (measured on 0.169.0: as an argument, one that starts with a dash is read as an option, the words
/// <c>resume</c> and <c>review</c> as sub-commands, and 128 KiB are too many). Nothing else of a message gets here either.
/// </summary>
public sealed record CodexCommandLine
{
    /// <summary>The thread to resume; null begins a new one.</summary>
    public ThreadId? Resume { get; init; }

    /// <summary>The value of <c>--model</c> from <see cref="ModelName.Resolve"/>; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>The configuration's <c>extra_args</c>, verbatim.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>Values of <c>-c</c>, put behind <see cref="ExtraArgs"/>, which so cannot undo them.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>The images' files in the turn's directory.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>The arguments in their order.</summary>
    /// <exception cref="CodexException">An image's path has a comma, at which codex would cut it in two.</exception>
    public ImmutableArray<string> ToArguments()
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        arguments.Add("exec");
        if (Resume is { } thread)
        {
            arguments.Add("resume");
            arguments.Add(thread.ToString());
        }

        // An option that takes many values swallows all that follow up to the next option, a "-" among them. So it stands first.
        foreach (var image in Images)
        {
            arguments.Add("-i");
            arguments.Add(image.Contains(',', StringComparison.Ordinal)
                ? throw new CodexException($"The image {image} cannot be handed to codex, which takes the comma for the end of a path; move the profile to a path without commas.")
                : image);
        }

        arguments.Add("--skip-git-repo-check");
        switch (Sandbox)
        {
            case CodexSandbox.None:
                arguments.Add("--dangerously-bypass-approvals-and-sandbox");
                break;
            default:
                // After "resume" there is no --sandbox; the same setting as an override works in both places.
                arguments.Add("-c");
                arguments.Add($"sandbox_mode=\"{(Sandbox == CodexSandbox.ReadOnly ? "read-only" : "workspace-write")}\"");
                break;
        }

        arguments.Add("--json");
        if (Model is { Length: > 0 })
        {
            arguments.Add("--model");
            arguments.Add(Model);
        }

        arguments.AddRange(ExtraArgs);
        foreach (var value in Overrides)
        {
            arguments.Add("-c");
            arguments.Add(value);
        }

        arguments.Add("-");
        return arguments.DrainToImmutable();
    }
}
