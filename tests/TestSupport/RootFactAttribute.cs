using Plexum.Codex.Posix;

namespace Plexum.Codex.TestSupport;

/// <summary>A test in which a file belongs to another user. It is skipped, with the reason, where nobody can give files away.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Finds out whether it can be done.</summary>
    public RootFactAttribute() =>
        Skip = Libc.EffectiveUser() == 0 ? null : "Only root can give a file to another user; run the tests as root to include this one.";
}
