using Plexum.Codex.AppServer.Server;

namespace Plexum.Codex.AppServer.Node;

/// <summary>How starts of the server went, and how long the next one waits.</summary>
internal sealed class StartHistory(AppServerSettings settings)
{
    private const int MaxDoublings = 20;

    private int _failures;

    /// <summary>How often a server died or could not be started.</summary>
    public int Restarts { get; set; }

    /// <summary>Whether the next start waits.</summary>
    public bool IsBackingOff { get; set; }

    /// <summary>What went wrong last; null if a server has taken requests since.</summary>
    public string? Problem { get; set; }

    /// <summary>A server died or could not be started.</summary>
    /// <returns>How long the next start waits.</returns>
    public TimeSpan Fail(string problem)
    {
        (Problem, IsBackingOff) = (problem, true);
        return PauseAfter(settings, ++_failures);
    }

    /// <summary>How long it is waited after so many failures, at least one.</summary>
    public static TimeSpan PauseAfter(AppServerSettings settings, int failures)
    {
        var pause = settings.FirstBackOff * Math.Pow(2, Math.Min(failures - 1, MaxDoublings));
        return pause < settings.LongestBackOff ? pause : settings.LongestBackOff;
    }

    /// <summary>A server has run for so long that the next death is the first again.</summary>
    public void Forgive() => _failures = 0;
}
