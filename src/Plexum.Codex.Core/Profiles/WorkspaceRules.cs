using System.Collections.Immutable;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Profiles;

/// <summary>
/// Which directories may be workspaces: promise S7 of docs/security.md. A path is judged by where it really leads, so a link is no way
/// around a rule. Reads the file system.
/// </summary>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="CodexHome">codex's home, an absolute path.</param>
/// <param name="Settings">The settings.</param>
public sealed record WorkspaceRules(string Profile, string CodexHome, WorkspaceSettings Settings)
{
    // The one place below the system's that ordinary programs work in: a file system in memory.
    private const string SharedMemory = "/dev/shm";

    private static readonly ImmutableArray<string> SystemPlaces = ["/proc", "/sys", "/dev"];

    // What this program keeps in the profile.
    private static readonly ImmutableArray<string> Kept = ["agents", "app-server", "logs", "molecule-state", "plugins", "run", "threads"];

    /// <summary>
    /// Says why the directory of the molecule channel's workspaces cannot be that: any directory in it may be a workspace, so nothing of
    /// this program's or of codex's may lie there.
    /// </summary>
    /// <returns>The end of a sentence that begins with the directory; null if it can.</returns>
    public string? WhyNotMolecule()
    {
        var (profile, home, molecule) = (Resolve(Profile), Resolve(CodexHome), Resolve(Path.Combine(Profile, Settings.Molecule)));
        if (RealPath.IsWithin(profile, molecule))
        {
            return "contains the profile";
        }

        if (RealPath.IsWithin(home, molecule))
        {
            return "contains codex's home";
        }

        if (Kept.FirstOrDefault(name => RealPath.IsWithin(molecule, Path.Combine(profile, name))) is { } kept)
        {
            return $"is {kept} in the profile or lies there, where plexum-codex keeps its own files";
        }

        var isInProfile = RealPath.IsWithin(molecule, profile) && RealPath.IsWithin(profile, home);
        return RealPath.IsWithin(molecule, home) && !isInProfile ? "lies in codex's home" : null;
    }

    /// <summary>Says why a directory may not be a turn's workspace.</summary>
    /// <param name="path">The directory, an absolute path. It need not exist.</param>
    /// <param name="agent">The agent whose turn it is.</param>
    /// <param name="submitter">Who names the directory.</param>
    /// <returns>The reason and what to do, to follow "it cannot be used: "; null if the directory may be used or is none.</returns>
    public string? WhyNot(string path, AgentId agent, Submitter submitter)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return "it has a NUL character, which no path can have; name a directory that exists or can be created";
        }

        if (RealPath.Of(path) is not { } real)
        {
            return null;
        }

        var given = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var subject = real == given ? "it" : $"it leads to {real}, which";
        return ObjectionTo(real, agent, submitter) is { } objection ? $"{subject} {objection}" : null;
    }

    /// <summary>Whether somebody may learn of a directory from this program: one who may name it, and the owner of any.</summary>
    /// <param name="path">The directory, an absolute path.</param>
    /// <param name="agent">The agent whose turn is asked for.</param>
    /// <param name="submitter">Who asks for it.</param>
    public bool MayKnow(string path, AgentId agent, Submitter submitter) =>
        submitter == Submitter.Owner || WhyNot(path, agent, submitter) is null;

    /// <summary>
    /// Finds out where a workspace leads when its turn starts, which may be another place than when the turn was accepted. Codex is started
    /// there, wherever the path leads later.
    /// </summary>
    /// <param name="path">The workspace, an absolute path.</param>
    /// <param name="agent">The agent whose turn it is.</param>
    /// <param name="submitter">Who named the workspace.</param>
    /// <param name="accepted">Where it led when the turn was accepted; null if that is not known.</param>
    /// <returns>The real path, or <paramref name="path"/> itself if nothing is there; or why the turn must not start.</returns>
    public (string Real, TurnRefusal? Refusal) Enter(string path, AgentId agent, Submitter submitter, string? accepted)
    {
        if (RealPath.OfDirectory(Path.GetFullPath(path)) is not { } real)
        {
            return (path, null);
        }

        // Whoever may name any place has named the one of then.
        var why = WhyNot(real, agent, submitter)
            ?? (
                accepted is null || real == accepted
                    ? null
                    : $"it led to {accepted} when the turn was accepted; submit the turn again if it is to work there"
            );
        return why is null ? (real, null) : (path, TurnRefusal.WorkspaceNotAllowed(path, $"it leads to {real} now; {why}"));
    }

    /// <summary>The directories that the images of a turn may lie in.</summary>
    /// <param name="named">The turn's workspace as the request names it, an absolute path.</param>
    /// <param name="real">The same with every link followed.</param>
    public ImmutableArray<ImageSource> ImageSourcesOf(string named, string real)
    {
        var workspace = new ImageSource(Path.TrimEndingDirectorySeparator(Path.GetFullPath(named)), real);
        return [workspace, workspace with { Name = real }, .. Settings.ImageRoots.Select(ImageSource.Of)];
    }

    private string? ObjectionTo(string real, AgentId agent, Submitter submitter)
    {
        var (profile, home) = (Resolve(Profile), Resolve(CodexHome));
        var molecule = Resolve(Path.Combine(Profile, Settings.Molecule));
        if (real == "/")
        {
            return "is the root of the file system; name a directory of the agent's own";
        }

        if (SystemPlaces.FirstOrDefault(place => RealPath.IsWithin(real, place)) is { } system && !IsBelow(real, SharedMemory))
        {
            return $"lies in {system}, which belongs to the system; name a directory of your own";
        }

        if (RealPath.IsWithin(profile, real))
        {
            return $"contains the profile {profile}, where plexum-codex keeps its own files; name another directory, such as one "
                + "below it";
        }

        if (RealPath.IsWithin(home, real))
        {
            return $"contains codex's home {home}, with its login and the threads of all agents; name another directory, such as one "
                + "below it, or set CODEX_HOME to a place outside";
        }

        var isOwn = IsAgents(real, profile) || IsBelow(real, molecule) || IsBelow(real, Path.Combine(profile, "workspaces"));
        if (!isOwn && RealPath.IsWithin(real, profile))
        {
            return $"lies in the profile {profile}, where plexum-codex keeps its own files; name no workspace, to use the agent's own, "
                + "or a directory outside";
        }

        if (!isOwn && RealPath.IsWithin(real, home))
        {
            return $"lies in codex's home {home}, with its login and the threads of all agents; name a directory outside";
        }

        return OutsideRoots(real, profile, molecule, agent, submitter);
    }

    private string? OutsideRoots(string real, string profile, string molecule, AgentId agent, Submitter submitter)
    {
        var isDefault = RealPath.IsWithin(real, new AgentDirectory(profile, agent).DefaultWorkspace);
        if (isDefault || (submitter == Submitter.Owner && (Settings.Roots.IsEmpty || IsBelow(real, molecule))))
        {
            return null;
        }

        return Settings.Roots.Any(root => RealPath.IsWithin(real, Resolve(root))) ? null
            : Settings.Roots.IsEmpty
                ? "was not named by the owner; name no workspace, to use the agent's own, or have the owner add it to turns.workspace-roots"
            : $"lies outside turns.workspace-roots ({string.Join(", ", Settings.Roots)}); name a directory in one of them, or add another";
    }

    // <profile>/agents/<any agent>/workspace and what lies in it.
    private static bool IsAgents(string real, string profile)
    {
        var agents = Path.Combine(profile, "agents");
        return IsBelow(real, agents) && real[(agents.Length + 1)..].Split('/') is [_, "workspace", ..];
    }

    private static bool IsBelow(string path, string directory) => path != directory && RealPath.IsWithin(path, directory);

    private static string Resolve(string path) => RealPath.Of(path) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
