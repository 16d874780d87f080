using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Profiles;

/// <summary>
/// Which workspaces an agent has: the one on record, which is that of its newest turn, in the file
/// <c>agents/&lt;id&gt;/workspace-on-record</c>, and the one that a turn entered last, in <c>agents/&lt;id&gt;/workspace-entered</c>. They
/// differ while turns wait. A turn that names none works in the one on record.
/// </summary>
/// <param name="agent">The agent's directory.</param>
public sealed class AgentWorkspace(AgentDirectory agent)
{
    // PATH_MAX of Linux, and a line feed.
    private const int MaxBytes = 4097;

    private readonly string _record = Path.Combine(agent.Root, "workspace-on-record");
    private readonly string _entered = Path.Combine(agent.Root, "workspace-entered");

    /// <summary>The workspace on record, an absolute path; null if there is none.</summary>
    /// <exception cref="IOException">There is a record, and it cannot be read.</exception>
    public string? Recorded => Read(_record);

    /// <summary>Where a turn works that names no workspace: the one on record, else the agent's own in the profile.</summary>
    /// <exception cref="IOException">There is a record, and it cannot be read.</exception>
    public string Current => Recorded ?? agent.DefaultWorkspace;

    /// <summary>The workspace of the turn that started last, an absolute path; null if that is not known.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Entered => Read(_entered);

    /// <summary>Whether two absolute paths name the same workspace. Links are not followed.</summary>
    public static bool AreSame(string one, string other) => Normal(one) == Normal(other);

    /// <summary>Puts a workspace on record; writes nothing if it is on record.</summary>
    /// <param name="workspace">An absolute path.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it and the reason.</exception>
    public void Keep(string workspace) => Write(_record, workspace);

    /// <summary>Puts on record what was there before.</summary>
    /// <param name="earlier">An absolute path; null for no record.</param>
    /// <exception cref="IOException">The file cannot be written or removed; the message names it and the reason.</exception>
    public void Restore(string? earlier)
    {
        if (earlier is not null)
        {
            Keep(earlier);
            return;
        }

        try
        {
            File.Delete(_record);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{_record} cannot be removed: {e.Message}", e);
        }
    }

    /// <summary>Remembers the workspace of a turn that starts; writes nothing if it is remembered.</summary>
    /// <param name="workspace">An absolute path.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it and the reason.</exception>
    public void KeepEntered(string workspace) => Write(_entered, workspace);

    private static string Normal(string workspace) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));

    private void Write(string file, string workspace)
    {
        if (Read(file) is { } known && AreSame(known, workspace))
        {
            return;
        }

        try
        {
            OwnerOnly.CreateDirectory(agent.Root);
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(Normal(workspace) + "\n"), durable: false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{file} cannot be written: {e.Message}", e);
        }
    }

    // What is no record counts as none: the agent has its own workspace, as every agent has at first. One that cannot be read may be any.
    private static string? Read(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out var problem);
        if (file is null)
        {
            if (problem is not null && FileStatus.OfPath(path) is null or { Kind: FileKind.Regular })
            {
                throw new IOException($"{path} is of no use: {problem}.");
            }

            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        var text = Encoding.UTF8.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]);
        var workspace = text.EndsWith('\n') ? text[..^1] : text;
        return Path.IsPathFullyQualified(workspace) && !workspace.Contains('\0', StringComparison.Ordinal) ? workspace : null;
    }
}
