namespace Plexum.Codex.Posix.Ownership;

/// <summary>How somebody other than a user and root could change something.</summary>
public enum Exposure
{
    /// <summary>Nobody else can.</summary>
    None,

    /// <summary>Its group may write to it, and nobody else is in that group.</summary>
    PrivateGroup,

    /// <summary>It belongs to another user.</summary>
    Owner,

    /// <summary>Its mode or its access control list lets others write to it.</summary>
    Mode,
}
