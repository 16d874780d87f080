namespace FakeCodex;

/// <summary>The pause between two looks at a file.</summary>
internal static class Pause
{
    private static readonly ManualResetEventSlim Never = new();

    public static void Briefly() => Never.Wait(TimeSpan.FromMilliseconds(5));

    /// <summary>Looks until the condition holds or the time is over.</summary>
    /// <returns>Whether it holds.</returns>
    public static bool Until(Func<bool> condition, TimeSpan limit)
    {
        for (var start = Environment.TickCount64; !condition(); Briefly())
        {
            if (Environment.TickCount64 - start > limit.TotalMilliseconds)
            {
                return false;
            }
        }

        return true;
    }
}
