using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// The profile of <c>plexum-codex molecule</c>: its state directory. So each workspace's daemon has its own profile, separate from that
/// of <c>serve</c>.
/// </summary>
internal static class MoleculeProfile
{
    /// <summary>
    /// The directory that <see cref="MoleculeConnection.StateVariable"/> names, else <see cref="Profile.RootVariable"/>, else
    /// <c>~/.codex-channel-molecule</c>.
    /// </summary>
    /// <exception cref="CodexException">There is no home directory, and neither variable is set.</exception>
    public static Profile OfUser()
    {
        if (Environment.GetEnvironmentVariable(MoleculeConnection.StateVariable) is { } state && !string.IsNullOrWhiteSpace(state))
        {
            return new Profile(Path.GetFullPath(state));
        }

        return string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Profile.RootVariable))
            ? new Profile(Path.Combine(Profile.Home(MoleculeConnection.StateVariable), Profile.MoleculeName))
            : Profile.OfUser();
    }
}
