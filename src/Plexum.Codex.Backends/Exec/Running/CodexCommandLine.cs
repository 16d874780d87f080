using System.Collections.Immutable;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// The arguments of <c>codex exec</c> for one turn. The prompt is not among them: <c>-</c> makes codex read it from stdin, which takes
/// any text. As an argument, a prompt that starts with a dash is an option, the words <c>resume</c> and <c>review</c> are subcommands,
/// and 128 KiB are too long (measured on 0.169.0). No other part of a message becomes an argument either.
/// </summary>
public sealed record CodexCommandLine
{
    /// <summary>
    /// The value of <c>-C</c>: the directory to work in, if codex is started in another one; null for none. Codex then does all as if it
    /// had been started there: its commands and MCP servers run there, its instructions are read and its thread is recorded there. It
    /// takes the option before <c>resume</c> and not behind it (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>The thread to resume; null begins a new one.</summary>
    public ThreadId? Resume { get; init; }

    /// <summary>The value of <c>--model</c> from <see cref="ModelName.Resolve"/>; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Effort and developer instructions. Codex takes the effort for this turn alone, and the instructions where a thread begins: one that
    /// is resumed keeps its own (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public TurnOptions Options { get; init; } = TurnOptions.None;

    /// <summary>The value of <c>--output-schema</c>, which holds for this turn alone; null for none.</summary>
    public string? SchemaFile { get; init; }

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>The values of <c>-c</c> that confine the model's commands; they come last, so nothing overrides them.</summary>
    public ImmutableArray<string> Confinement { get; init; } = [];

    /// <summary>The configuration's <c>extra_args</c>, verbatim.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>Values of <c>-c</c>, placed after <see cref="ExtraArgs"/> so that those cannot override them.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>The paths of the images in the turn's directory.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>The arguments in order.</summary>
    /// <exception cref="CodexException">An image's path contains a comma, which codex would treat as a separator.</exception>
    /// <exception cref="InvalidOperationException">Commands are to be confined, and nothing would confine them.</exception>
    public ImmutableArray<string> ToArguments()
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        arguments.Add("exec");
        if (Directory is not null)
        {
            arguments.Add("-C");
            arguments.Add(Directory);
        }

        if (Resume is { } thread)
        {
            arguments.Add("resume");
            arguments.Add(thread.ToString());
        }

        // This option takes all values up to the next option, even a "-", so it comes first.
        foreach (var image in Images)
        {
            arguments.Add("-i");
            arguments.Add(
                image.Contains(',', StringComparison.Ordinal)
                    ? throw new CodexException(
                        $"The image {image} cannot be passed to codex, which treats a comma as a separator; "
                            + "move the profile to a path without commas."
                    )
                    : image
            );
        }

        arguments.Add("--skip-git-repo-check");
        AddSandbox(arguments);
        arguments.Add("--json");
        if (Model is { Length: > 0 })
        {
            arguments.Add("--model");
            arguments.Add(Model);
        }

        if (SchemaFile is not null)
        {
            arguments.Add("--output-schema");
            arguments.Add(SchemaFile);
        }

        arguments.AddRange(ExtraArgs);
        AddOption(arguments, "model_reasoning_effort", Options.Effort);
        AddOption(arguments, "developer_instructions", Options.DeveloperInstructions);
        foreach (var value in Overrides.AddRange(Confinement))
        {
            arguments.Add("-c");
            arguments.Add(value);
        }

        arguments.Add("-");
        return arguments.DrainToImmutable();
    }

    private static void AddOption(ImmutableArray<string>.Builder arguments, string name, string? value)
    {
        if (value is not null)
        {
            arguments.Add("-c");
            arguments.Add($"{name}={TomlText.Quote(value)}");
        }
    }

    private void AddSandbox(ImmutableArray<string>.Builder arguments)
    {
        switch (Sandbox)
        {
            case CodexSandbox.None:
                arguments.Add("--dangerously-bypass-approvals-and-sandbox");
                break;
            case CodexSandbox.WorkspaceWrite or CodexSandbox.ReadOnly:
                // "resume" does not accept --sandbox; an override works with and without it.
                arguments.Add("-c");
                arguments.Add($"sandbox_mode=\"{Sandbox.ToWireName()}\"");
                arguments.Add("-c");
                arguments.Add(SandboxPreparation.NoApprovals);
                break;
            case CodexSandbox.Inherit:
            case CodexSandbox.Confined when !Confinement.IsEmpty:
                break;
            default:
                throw new InvalidOperationException($"Nothing makes the sandbox {Sandbox}; this is a bug in plexum-codex.");
        }
    }
}
