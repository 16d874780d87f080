using System.Text;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The position in the inbox. <c>molecule-mcp</c> advances its own cursor when it fetches, and keeps what it fetched only in memory, so
/// unpopped messages would be lost with its process. Therefore its cursor is put back before each start, to the last message up to which
/// nothing is open. Messages that arrive twice are recognized by their ids.
/// </summary>
/// <param name="directory">The program's <c>CONFIGS_DIR</c>.</param>
internal sealed class InboxCursor(string directory)
{
    private const int MaxKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _order = new();
    private readonly Queue<string> _settled = new();
    private readonly Dictionary<string, bool> _isPopped = new(StringComparer.Ordinal);

    private string Kept => Path.Combine(directory, "cursor");

    /// <summary>Whether any message was handed out but not popped yet.</summary>
    public bool IsAnyOpen
    {
        get
        {
            lock (_gate)
            {
                return _order.Count > 0;
            }
        }
    }

    /// <summary>Records that a message is handed out.</summary>
    /// <returns>False if it was handed out before.</returns>
    public bool HandOut(string activityId)
    {
        lock (_gate)
        {
            if (!_isPopped.TryAdd(activityId, false))
            {
                return false;
            }

            _order.Enqueue(activityId);
            return true;
        }
    }

    /// <summary>Whether a message was popped.</summary>
    public bool IsPopped(string activityId)
    {
        lock (_gate)
        {
            return _isPopped.GetValueOrDefault(activityId);
        }
    }

    /// <summary>Records that a message is popped.</summary>
    /// <exception cref="IOException">The cursor cannot be written.</exception>
    public void Pop(string activityId)
    {
        lock (_gate)
        {
            _isPopped[activityId] = true;
            string? last = null;
            while (_order.TryPeek(out var first) && _isPopped[first])
            {
                last = _order.Dequeue();
                _settled.Enqueue(last);
            }

            if (last is not null)
            {
                AtomicFile.Write(Kept, Encoding.UTF8.GetBytes(last), durable: false);
                Forget();
            }
        }
    }

    /// <summary>Puts the program's cursor back. Without a cursor the program starts ten minutes ago.</summary>
    /// <exception cref="PlatformUnavailableException">The cursor cannot be written.</exception>
    public void Restore()
    {
        var theirs = Path.Combine(directory, ".mcp_inbox_cursor");
        try
        {
            if (File.Exists(Kept))
            {
                AtomicFile.Write(theirs, File.ReadAllBytes(Kept), durable: false);
            }
            else
            {
                File.Delete(theirs);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlatformUnavailableException(
                $"The inbox cursor {theirs} cannot be restored, so messages could be lost: {e.Message}",
                e
            );
        }
    }

    private void Forget()
    {
        while (_settled.Count > MaxKept)
        {
            _isPopped.Remove(_settled.Dequeue());
        }
    }
}
