using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Profiles;

/// <summary>
/// Remembers which directory an agent last worked in under the name of a workspace: the file
/// <c>agents/&lt;id&gt;/workspaces/&lt;hash of the name&gt;</c> with the time at which the directory was created. A directory that has been
/// deleted and made again has another one, while its inode's number may be the same. Where a file system records no such time, only a
/// directory that this program makes again is known to be another.
/// </summary>
/// <param name="agent">The agent's directory.</param>
/// <param name="workspace">The workspace as requests name it, an absolute path.</param>
public sealed class WorkspaceMark(AgentDirectory agent, string workspace)
{
    // Hosts that name a new directory for every turn would otherwise leave a file for each.
    private const int MaxMarks = 100;
    private const int MaxBytes = 32;

    private const string Unknown = "unknown";
    private const string Gone = "gone";

    private readonly string _file = Path.Combine(agent.WorkspaceMarks, NameOf(workspace));

    /// <summary>Whether the agent has worked there, or has had a turn accepted for it.</summary>
    public bool IsKnown => FileStatus.OfPath(_file) is not null;

    /// <summary>Whether the directory that is there now is another one than that of the agent's last turn; false if unknown.</summary>
    /// <exception cref="IOException">The mark cannot be read.</exception>
    public bool IsOfAnother()
    {
        var marked = Read();
        return marked == Gone
            || (marked is not (null or Unknown) && Describe(workspace) is var now && now is not (Gone or Unknown) && now != marked);
    }

    /// <summary>Remembers the directory that is there now.</summary>
    /// <exception cref="IOException">The mark cannot be written; the message names the file and the reason.</exception>
    public void Keep() => Write(Describe(workspace));

    /// <summary>Remembers that the directory was gone and that this program has made it again.</summary>
    /// <exception cref="IOException">The mark cannot be written; the message names the file and the reason.</exception>
    public void KeepGone() => Write(Gone);

    private static string NameOf(string workspace)
    {
        var name = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    private static string Describe(string workspace) =>
        RealPath.OfDirectory(Path.GetFullPath(workspace)) is { } real && FileStatus.OfPath(real) is { } status
            ? status.BornAt?.ToString(CultureInfo.InvariantCulture) ?? Unknown
            : Gone;

    private string? Read()
    {
        using var file = RegularFile.TryOpenRead(_file, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]).TrimEnd('\n');
    }

    private void Write(string mark)
    {
        if (Read() == mark)
        {
            return;
        }

        try
        {
            OwnerOnly.CreateDirectory(agent.WorkspaceMarks);
            AtomicFile.Write(_file, Encoding.ASCII.GetBytes(mark + "\n"), durable: false);
            RemoveOldest();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{agent.WorkspaceMarks} cannot be written: {e.Message}", e);
        }
    }

    // A mark that is forgotten costs a notice, should that workspace ever disappear.
    private void RemoveOldest()
    {
        var others = new DirectoryInfo(agent.WorkspaceMarks).GetFiles().Where(mark => mark.FullName != _file);
        foreach (var old in others.OrderByDescending(mark => mark.LastWriteTimeUtc).Skip(MaxMarks - 1))
        {
            old.Delete();
        }
    }
}
