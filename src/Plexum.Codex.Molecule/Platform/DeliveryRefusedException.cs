namespace Plexum.Codex.Molecule.Platform;

/// <summary>The platform will never accept this reply; others may still succeed.</summary>
public sealed class DeliveryRefusedException(string message) : PlatformException(message);
