using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// The lock on answering a workspace's messages, among all processes of this user, whatever their state directories: two would both
/// answer. The kernel releases it when the process exits. Other machines cannot be locked out, since the platform has no such lock.
/// </summary>
internal static class WorkspaceLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="CodexException">Another process, named in the message, holds it; or its file cannot be opened.</exception>
    public static IDisposable Acquire(MoleculeConnection connection)
    {
        var directory = Path.Combine(Profile.Home("HOME"), ".local", "state", "plexum-codex");
        if (WritableDirectory.WhyNot(directory) is { } reason)
        {
            throw new CodexException($"The directory {directory}, which holds the workspace locks, cannot be used: {reason}");
        }

        try
        {
            return FileLock.TryAcquire(Path.Combine(directory, $"molecule-{NameOf(connection)}.lock"), out var holder)
                ?? throw new CodexException(
                    $"The workspace {connection.WorkspaceId} of {connection.PlatformHost} is already being answered by {holder}. "
                        + "Two would both answer every message; stop that one first."
                );
        }
        catch (IOException e)
        {
            throw new CodexException($"The workspace lock in {directory} cannot be acquired: {e.Message}", e);
        }
    }

    private static string NameOf(MoleculeConnection connection)
    {
        var platform = connection.PlatformUrl.GetLeftPart(UriPartial.Path).TrimEnd('/').ToLowerInvariant();
        var whole = $"{platform}\n{connection.WorkspaceId.ToLowerInvariant()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..24];
    }
}
