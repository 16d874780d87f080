namespace Plexum.Codex.Molecule.Platform;

/// <summary>A call to the molecule platform failed.</summary>
public class PlatformException : CodexException
{
    /// <summary>Creates it with a message.</summary>
    public PlatformException(string message)
        : base(message) { }

    /// <summary>Creates it with a message and its cause.</summary>
    public PlatformException(string message, Exception inner)
        : base(message, inner) { }
}
