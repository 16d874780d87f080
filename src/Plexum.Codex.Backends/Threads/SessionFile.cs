using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// The file <c>.plexum-codex-session</c> of a workspace: just the id of the agent's thread, for people and for the Go plugin, which
/// uses the same file; whitespace around the id is tolerated. A language model controls the workspace, so <see cref="AgentThread"/>
/// decides whether the file is believed. It is read without following links, and an unusable one is moved aside, never deleted. Nothing is
/// written where a link in the workspace's path leads: a command may have put it there meanwhile.
/// </summary>
/// <param name="workspace">The absolute path of the workspace, with every link followed.</param>
/// <param name="time">The clock for the timestamp in the name of a file that is moved aside.</param>
public sealed class SessionFile(string workspace, TimeProvider time)
{
    /// <summary>The name of the file.</summary>
    public const string Name = ".plexum-codex-session";

    private const int MaxBytes = 256;

    /// <summary>The full path.</summary>
    public string FilePath { get; } = Path.Combine(workspace, Name);

    /// <summary>Reads the file; an unusable one is moved aside.</summary>
    /// <exception cref="CodexException">It is unusable and cannot be moved aside.</exception>
    public SessionState Load()
    {
        if (Read(out var problem) is { } thread)
        {
            return new SessionState.Resumable(thread);
        }

        return problem is null ? SessionState.Fresh.Instance : SetAside(problem);
    }

    /// <summary>Reads the file and leaves it in place, even if it is unusable.</summary>
    /// <param name="problem">Why it cannot be used; null if it can, or if there is no file.</param>
    /// <returns>The thread, or null.</returns>
    public ThreadId? Peek(out string? problem) => Read(out problem);

    /// <summary>Stores a thread durably, readable by the owner only. Writes nothing if the file already names it.</summary>
    /// <exception cref="CodexException">It could not be written.</exception>
    public void Save(ThreadId thread)
    {
        if (Read(out _) == thread)
        {
            return;
        }

        using var place = LinkFreePath.TryOpenDirectory(workspace, out var problem);
        if (place is null)
        {
            throw NotSaved(thread, $"the workspace {workspace} is not the directory that it was: {problem}.", null);
        }

        var here = PathOf(place);
        try
        {
            if (FileStatus.OfPath(Path.Combine(here, Name)) is { Kind: FileKind.Directory })
            {
                SetAside("it is a directory");
            }

            AtomicFile.Write(Path.Combine(here, Name), Encoding.ASCII.GetBytes(thread.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotSaved(thread, e.Message.Replace(here, workspace, StringComparison.Ordinal), e);
        }
    }

    /// <summary>Moves the file to <c>.plexum-codex-session.bad-&lt;time&gt;</c> because of <paramref name="reason"/>.</summary>
    /// <exception cref="CodexException">It could not be moved.</exception>
    public SessionState.SetAside SetAside(string reason)
    {
        using var place = LinkFreePath.TryOpenDirectory(workspace, out var problem)
            ?? throw new CodexException(
                $"The session file {FilePath} cannot be used ({reason}) and cannot be moved aside: {workspace} is not the directory it "
                    + $"was: {problem}."
            );
        var here = PathOf(place);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var target = $"{Name}.bad-{stamp}";
        for (var number = 2; FileStatus.OfPath(Path.Combine(here, target)) is not null; number++)
        {
            target = $"{Name}.bad-{stamp}-{number}";
        }

        return Libc.Rename(Path.Combine(here, Name), Path.Combine(here, target)) == 0
            ? new SessionState.SetAside(reason, Path.Combine(workspace, target))
            : throw new CodexException(
                $"The session file {FilePath} cannot be used ({reason}) and cannot be moved aside ({Libc.LastErrorText()}); "
                    + "remove it by hand."
            );
    }

    private static CodexException NotSaved(ThreadId thread, string reason, Exception? cause)
    {
        var message =
            $"The thread {thread} could not be saved in the session file; the agent continues it all the same: {reason} "
            + "Make the workspace writable.";
        return cause is null ? new CodexException(message) : new CodexException(message, cause);
    }

    // Whatever the workspace's path names by then, this is the directory that was opened.
    private static string PathOf(SafeFileHandle place) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)place.DangerousGetHandle()}");

    private ThreadId? Read(out string? problem)
    {
        using var file = RegularFile.TryOpenRead(FilePath, followLinks: false, out problem);
        if (file is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        try
        {
            var length = RandomAccess.Read(file, bytes, 0);
            var text = Encoding.Latin1.GetString(bytes[..length]).Trim();
            if (ThreadId.TryParse(text, out var thread))
            {
                return thread;
            }

            problem = text.Length == 0 ? "it is empty" : "it contains no thread id";
        }
        catch (IOException e)
        {
            problem = $"it cannot be read ({e.Message})";
        }

        return null;
    }
}
