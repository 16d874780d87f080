namespace Plexum.Codex.Molecule.Platform;

/// <summary>The platform refuses this workspace: its token was revoked, or the workspace is gone. Only an operator can help.</summary>
public sealed class PlatformRefusedException(string message) : PlatformException(message);
