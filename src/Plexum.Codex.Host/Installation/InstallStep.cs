namespace Plexum.Codex.Host.Installation;

/// <summary>One thing that an installation writes, and its current state.</summary>
/// <param name="State">The current state.</param>
/// <param name="What">What is to be written or is already there; for a conflict, what is wrong and what to do.</param>
/// <param name="Apply">Writes it; null if there is nothing to write.</param>
internal sealed record InstallStep(InstallState State, string What, Action? Apply = null);

/// <summary>The state of an installation step.</summary>
internal enum InstallState
{
    /// <summary>It is missing and has to be written.</summary>
    Missing,

    /// <summary>It is already in place.</summary>
    Done,

    /// <summary>Something else is in its place and is not overwritten.</summary>
    Conflict,
}
