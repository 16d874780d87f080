using Plexum.Codex.Backend;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Rollouts;

/// <summary>What every <see cref="RolloutActor"/> of a process needs.</summary>
/// <param name="Profile">The root of the profile, in which a compressed rollout is unpacked temporarily.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Threads">Knows the thread of each agent.</param>
/// <param name="Time">The clock.</param>
public sealed record RolloutServices(string Profile, RolloutSettings Settings, IThreadRegister Threads, TimeProvider Time)
{
    /// <summary>The threads that a running codex holds although no turn of theirs runs.</summary>
    public ILoadedThreads Loaded { get; init; } = NoLoadedThreads.Instance;
}
