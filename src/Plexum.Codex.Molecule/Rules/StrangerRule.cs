using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>
/// Messages come from strangers, and a model does what they say. So an inbox is answered in a sandbox, unless a setting says in so many
/// words that it need not be.
/// </summary>
public static class StrangerRule
{
    /// <summary>The setting that lets an inbox be answered without a sandbox.</summary>
    public const string Setting = "molecule.strangers-may-run-commands-as-this-user";

    /// <summary>Why messages may not be answered with these settings, as a sentence; null if they may.</summary>
    /// <param name="settings">How messages are answered.</param>
    /// <param name="loosening">An argument in <c>codex.extra-args</c> that may undo a sandbox; null for none.</param>
    public static string? WhyNot(InboxSettings settings, string? loosening)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!Allows(settings))
        {
            return WhyNot(settings.Sandbox);
        }

        return loosening is null || settings.Sandbox is CodexSandbox.None or CodexSandbox.Inherit
            ? null
            : $"molecule.sandbox = {settings.Sandbox.ToWireName()} would not hold, because \"{loosening}\" in codex.extra-args may allow "
                + $"more. Remove it there, or set molecule.sandbox = none and {Setting} = on.";
    }

    /// <summary>Whether messages may be answered in the sandbox that these settings name.</summary>
    public static bool Allows(InboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.StrangersMayRunCommandsAsThisUser || settings.Sandbox is not (CodexSandbox.None or CodexSandbox.Inherit);
    }

    private static string WhyNot(CodexSandbox sandbox)
    {
        // The user's own configuration of codex is made for the user's own prompts, may change at any time, and may mean no sandbox.
        var reason =
            sandbox == CodexSandbox.None
                ? "gives their commands no sandbox"
                : "leaves their commands to codex's own configuration, which may mean no sandbox";
        return "Whoever writes to the workspace could run commands as this user: molecule.sandbox = "
            + $"{sandbox.ToWireName()} {reason}. Remove that setting, which leaves it at confined, or set {Setting} = on.";
    }
}
