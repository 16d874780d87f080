using System.Diagnostics;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Security.Callers;

/// <summary>A test in which a container's root meets an ordinary user. Skipped, with the reason, where there is no such root.</summary>
public sealed class ContainerRootFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Try);

    /// <summary>Finds out whether there is one.</summary>
    public ContainerRootFactAttribute() => Skip = OrdinaryUser.WhyNot ?? Missing.Value;

    private static string? Try()
    {
        if (Libc.EffectiveUser() != 0)
        {
            return "Only root is root in a container; run the tests as root to include this one.";
        }

        using var process = Process.Start("unshare", ["--mount", "--pid", "--fork", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "Root may make no namespaces here, which a container is made of.";
    }
}
