using System.Collections.Immutable;

namespace Plexum.Codex.Sandboxing;

/// <summary>Arguments for codex that change what commands may do, and so would undo a sandbox.</summary>
public static class ExtraArguments
{
    private static readonly string[] Options =
    [
        "--add-dir",
        "--approve-for-me",
        "--cd",
        "--dangerously-bypass-approvals-and-sandbox",
        "--full-auto",
        "--profile",
        "--sandbox",
        "--yolo",
    ];

    private static readonly string[] ShortOptions = ["-C", "-p", "-s"];

    private static readonly string[] Keys =
    [
        "approval_policy",
        "approvals_reviewer",
        "default_permissions",
        "permissions",
        "sandbox_mode",
        "sandbox_workspace_write",
    ];

    /// <summary>The first of these arguments; null if there is none.</summary>
    public static string? FindLoosening(ImmutableArray<string> arguments)
    {
        for (var at = 0; at < arguments.Length; at++)
        {
            var argument = arguments[at];
            if (Is(argument, Options) || ShortOptions.Any(option => argument.StartsWith(option, StringComparison.Ordinal)))
            {
                return argument;
            }

            if (Assignment(argument, at + 1 < arguments.Length ? arguments[at + 1] : "") is { } assignment && Sets(assignment))
            {
                return assignment;
            }
        }

        return null;
    }

    private static bool Is(string argument, string[] options) =>
        options.Any(option => argument == option || argument.StartsWith(option + "=", StringComparison.Ordinal));

    // -c key=value, -ckey=value, --config key=value and --config=key=value.
    private static string? Assignment(string argument, string next) =>
        argument is "-c" or "--config" ? next
        : argument.StartsWith("--config=", StringComparison.Ordinal) ? argument["--config=".Length..]
        : argument.StartsWith("-c", StringComparison.Ordinal) ? argument[2..].TrimStart('=')
        : null;

    private static bool Sets(string assignment) => Keys.Contains(assignment.Split('=', '.')[0].Trim().Trim('"', '\''));
}
