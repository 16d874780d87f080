namespace Plexum.Codex.Host.Rendering;

/// <summary>Sentences for standard error.</summary>
internal static class Complaint
{
    /// <summary>Writes a sentence. Where standard error is closed or full there is nobody to tell it to, and the exit code has to do.</summary>
    public static void Say(string sentence) => Try(() => Console.Error.WriteLine(sentence));

    /// <summary>Writes what may get lost when it cannot be written.</summary>
    public static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (IsOfOutput(e))
        {
            // There is no other place left to say it at.
        }
    }

    /// <summary>Whether a failure is one of a closed, full or broken output.</summary>
    public static bool IsOfOutput(Exception e) => e is IOException or UnauthorizedAccessException;
}
