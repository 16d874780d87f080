namespace Plexum.Codex.EndToEnd;

/// <summary>How long a test waits for what must come. Reached only when it does not come.</summary>
internal static class Limits
{
    public static TimeSpan Wait { get; } = TimeSpan.FromMinutes(3);

    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Wait);

    public static Task WithinLimit(this Task task) => task.WaitAsync(Wait);

    /// <summary>Waits for a state of the outer world that nobody reports.</summary>
    public static async Task Until(Func<bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(Wait);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            try
            {
                await looks.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It never came about that {what}.");
            }
        }
    }
}
