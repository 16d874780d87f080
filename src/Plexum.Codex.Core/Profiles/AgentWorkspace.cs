using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Profiles;

/// <summary>
/// The workspace that an agent has on record: the one of its newest turn, in the file <c>agents/&lt;id&gt;/workspace-on-record</c>. A turn
/// that names none works there.
/// </summary>
/// <param name="agent">The agent's directory.</param>
public sealed class AgentWorkspace(AgentDirectory agent)
{
    // PATH_MAX of Linux, and a line feed.
    private const int MaxBytes = 4097;

    private readonly string _file = Path.Combine(agent.Root, "workspace-on-record");

    /// <summary>The workspace on record, an absolute path; null if there is none.</summary>
    public string? Recorded => Read();

    /// <summary>Where a turn works that names no workspace: the one on record, else the agent's own in the profile.</summary>
    public string Current => Recorded ?? agent.DefaultWorkspace;

    /// <summary>Whether two absolute paths name the same workspace. Links are not followed.</summary>
    public static bool AreSame(string one, string other) => Normal(one) == Normal(other);

    /// <summary>Puts a workspace on record; writes nothing if it is on record.</summary>
    /// <param name="workspace">An absolute path.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it and the reason.</exception>
    public void Keep(string workspace)
    {
        if (Recorded is { } recorded && AreSame(recorded, workspace))
        {
            return;
        }

        try
        {
            OwnerOnly.CreateDirectory(agent.Root);
            AtomicFile.Write(_file, Encoding.UTF8.GetBytes(Normal(workspace) + "\n"), durable: false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{_file} cannot be written: {e.Message}", e);
        }
    }

    private static string Normal(string workspace) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));

    // Without a usable record the agent has its own workspace, as every agent has at first.
    private string? Read()
    {
        using var file = RegularFile.TryOpenRead(_file, followLinks: false, out _);
        if (file is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        try
        {
            var text = Encoding.UTF8.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]);
            var path = text.EndsWith('\n') ? text[..^1] : text;
            return Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal) ? path : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
