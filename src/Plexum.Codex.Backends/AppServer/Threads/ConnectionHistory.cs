namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// How long the next connection to a server waits when one broke. One that has lasted is made again at once; what breaks again and again is
/// not tried without a pause. Used in the turn of the server's actor only.
/// </summary>
internal sealed class ConnectionHistory(TimeProvider time)
{
    private const int MaxUseless = 5;
    private const int MaxDoublings = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private long? _servingSince;
    private int _breaks;
    private int _useless;

    /// <summary>Whether so many connections in a row were of no use that the server is taken for broken.</summary>
    public bool IsHopeless => _useless >= MaxUseless;

    /// <summary>The connection is used.</summary>
    public void NoteServing()
    {
        _servingSince = time.GetTimestamp();
        _useless = 0;
    }

    /// <summary>The connection broke.</summary>
    /// <returns>How long the next one waits; zero for not at all.</returns>
    public TimeSpan NoteBreak()
    {
        if (_servingSince is not { } since)
        {
            _useless++;
        }
        else if (time.GetElapsedTime(since) >= Lasting)
        {
            _breaks = 0;
        }

        _servingSince = null;
        var doublings = Math.Min(_breaks++ - 1, MaxDoublings);
        var pause = doublings < 0 ? TimeSpan.Zero : FirstPause * Math.Pow(2, doublings);
        return pause < LongestPause ? pause : LongestPause;
    }
}
