using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sandboxing;

/// <summary>The sandbox of one turn.</summary>
/// <param name="Sandbox">What the model's commands may do.</param>
/// <param name="Overrides">Values of <c>-c</c>, which must come after all others.</param>
/// <param name="Replaced">What the user's configuration says instead; null if it agrees or says nothing.</param>
public sealed record PreparedSandbox(CodexSandbox Sandbox, ImmutableArray<string> Overrides, UserPermissions? Replaced)
{
    /// <summary>Tells the turn's readers that the user's configuration does not hold; null if it does.</summary>
    public CanonicalEvent.Notice? Notice =>
        Replaced is null
            ? null
            : new CanonicalEvent.Notice(
                NoticeCodes.SandboxOverridden,
                $"{Replaced} does not hold in this thread, because its sandbox is {Sandbox.ToWireName()}. "
                    + "With the sandbox inherit it would hold."
            );
}
