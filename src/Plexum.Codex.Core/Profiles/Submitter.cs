namespace Plexum.Codex.Profiles;

/// <summary>Who asks for a turn, as far as it decides which workspace the turn may have. Unset is who may less.</summary>
public enum Submitter
{
    /// <summary>Somebody whom the owner lets submit turns. The owner has to have named the workspace before.</summary>
    Guest,

    /// <summary>The owner of the profile, or this program on the owner's behalf. To ask for a workspace is to allow it.</summary>
    Owner,
}
