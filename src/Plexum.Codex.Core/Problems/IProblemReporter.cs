namespace Plexum.Codex.Problems;

/// <summary>
/// Is told by whoever knows of it when a problem begins and when it is over. Safe for any thread; it never blocks and never throws.
/// </summary>
public interface IProblemReporter
{
    /// <summary>A problem has begun, or stands in other words than before.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">What is wrong with what, as a sentence.</param>
    void Begins(ProblemKind kind, string message);

    /// <summary>A problem is over. Nothing happens if there was none.</summary>
    void Ends(ProblemKind kind);
}
