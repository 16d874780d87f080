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
    public static string? WhyNot(InboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.StrangersMayRunCommandsAsThisUser)
        {
            return null;
        }

        // The user's own configuration of codex is made for the user's own prompts, may change at any time, and may mean no sandbox.
        var reason = settings.Sandbox switch
        {
            CodexSandbox.None => "gives their commands no sandbox",
            CodexSandbox.Inherit => "leaves their commands to codex's own configuration, which may mean no sandbox",
            _ => null,
        };
        return reason is null
            ? null
            : "Whoever writes to the workspace could run commands as this user: molecule.sandbox = "
                + $"{settings.Sandbox.ToWireName()} {reason}. Remove that setting, which leaves it at confined, or set {Setting} = on.";
    }
}
