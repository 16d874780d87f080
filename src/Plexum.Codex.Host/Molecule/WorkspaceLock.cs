using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// The right to answer a workspace's messages, among all processes of this user, whatever their state directories: two would both answer.
/// The kernel gives it back when the process ends. A program on another machine cannot be kept out; the platform knows no such right.
/// </summary>
internal static class WorkspaceLock
{
    /// <summary>Takes the lock.</summary>
    /// <exception cref="CodexException">Another process has it, which the message names; or its file cannot be opened.</exception>
    public static IDisposable Acquire(MoleculeConnection connection)
    {
        var directory = Path.Combine(Profile.Home("HOME"), ".local", "state", "plexum-codex");
        if (WritableDirectory.WhyNot(directory) is { } reason)
        {
            throw new CodexException($"The directory {directory}, where it is noted who answers which workspace, cannot be used: {reason}");
        }

        try
        {
            return AgentLock.TryAcquire(Path.Combine(directory, $"molecule-{NameOf(connection)}.lock"), out var holder)
                ?? throw new CodexException(
                    $"The workspace {connection.WorkspaceId} of {connection.PlatformHost} is being answered already, by {holder}. Two would both answer each message: stop that one, or leave this one.");
        }
        catch (IOException e)
        {
            throw new CodexException($"It cannot be noted in {directory} who answers the workspace: {e.Message}", e);
        }
    }

    private static string NameOf(MoleculeConnection connection)
    {
        var whole = $"{connection.PlatformUrl.GetLeftPart(UriPartial.Path).TrimEnd('/').ToLowerInvariant()}\n{connection.WorkspaceId.ToLowerInvariant()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..24];
    }
}
