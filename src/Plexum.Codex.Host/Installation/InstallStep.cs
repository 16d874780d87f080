namespace Plexum.Codex.Host.Installation;

/// <summary>One thing that an installation writes, as it was found.</summary>
/// <param name="State">What was found.</param>
/// <param name="What">What is written, or stands there, in a sentence or two.</param>
/// <param name="Apply">Writes it; null where nothing is to be written.</param>
internal sealed record InstallStep(InstallState State, string What, Action? Apply = null);

/// <summary>What was found of a step.</summary>
internal enum InstallState
{
    /// <summary>Nothing; it is to be written.</summary>
    Missing,

    /// <summary>What is to be there.</summary>
    Done,

    /// <summary>Something else, which is not overwritten.</summary>
    Conflict,
}
