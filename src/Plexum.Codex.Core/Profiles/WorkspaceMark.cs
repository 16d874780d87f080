using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Profiles;

/// <summary>
/// Remembers which directory an agent last worked in under the name of a workspace: the file
/// <c>agents/&lt;id&gt;/workspaces/&lt;hash of the name&gt;</c> with its <see cref="DirectorySighting"/>.
/// </summary>
/// <param name="agent">The agent's directory.</param>
/// <param name="workspace">The workspace as requests name it, an absolute path.</param>
public sealed class WorkspaceMark(AgentDirectory agent, string workspace)
{
    // Hosts that name a new directory for every turn would otherwise leave a file for each.
    private const int MaxMarks = 100;
    private const int MaxBytes = 96;

    private const string Gone = "gone";

    private readonly string _file = Path.Combine(agent.WorkspaceMarks, NameOf(workspace));

    /// <summary>Whether the agent has worked there, or has had a turn accepted for it.</summary>
    public bool IsKnown => FileStatus.OfPath(_file) is not null;

    /// <summary>Whether the directory that is there now is another one than that of the agent's last turn; false if unknown.</summary>
    /// <exception cref="IOException">The mark cannot be read.</exception>
    public bool IsOfAnother()
    {
        var marked = Read();
        return marked == Gone || (DirectorySighting.TryParse(marked) is { } before && See() is { } now && !now.MayBeTheSameAs(before));
    }

    /// <summary>Whether it was gone when it was looked for last, and this program has made it again.</summary>
    /// <exception cref="IOException">The mark cannot be read.</exception>
    public bool WasGone() => Read() == Gone;

    /// <summary>Whether another file system was mounted at the workspace when the agent last worked there, and now none is.</summary>
    /// <exception cref="IOException">The mark cannot be read.</exception>
    public bool IsUnmounted() => DirectorySighting.TryParse(Read()) is { IsMountPoint: true } && See() is { IsMountPoint: false };

    /// <summary>Remembers the directory that is there now.</summary>
    /// <exception cref="IOException">The mark cannot be written; the message names the file and the reason.</exception>
    public void Keep() => Write(See()?.ToString() ?? Gone);

    /// <summary>Remembers that the directory was gone and that this program has made it again.</summary>
    /// <exception cref="IOException">The mark cannot be written; the message names the file and the reason.</exception>
    public void KeepGone() => Write(Gone);

    private static string NameOf(string workspace)
    {
        var name = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    private DirectorySighting? See() => RealPath.OfDirectory(Path.GetFullPath(workspace)) is { } real ? DirectorySighting.Of(real) : null;

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
        try
        {
            // The time of a mark says when its workspace was last used. A new file would cost each turn a wait for the disk.
            if (Read() == mark)
            {
                File.SetLastWriteTimeUtc(_file, TimeProvider.System.GetUtcNow().UtcDateTime);
                return;
            }

            OwnerOnly.CreateDirectory(agent.WorkspaceMarks);
            var isNew = !IsKnown;
            AtomicFile.Write(_file, Encoding.ASCII.GetBytes(mark + "\n"), durable: false);
            if (isNew)
            {
                RemoveOldest();
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{agent.WorkspaceMarks} cannot be written: {e.Message}", e);
        }
    }

    // The one that has not been used for longest. Should that workspace ever disappear, it is made anew without a word.
    private void RemoveOldest()
    {
        var others = new DirectoryInfo(agent.WorkspaceMarks).GetFiles().Where(mark => mark.FullName != _file);
        foreach (var old in others.OrderByDescending(mark => mark.LastWriteTimeUtc).Skip(MaxMarks - 1))
        {
            old.Delete();
        }
    }
}
