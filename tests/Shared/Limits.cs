using System.Runtime.CompilerServices;
using Xunit;

namespace Plexum.Codex;

/// <summary>How long a test waits for what must come. Only what hangs takes longer, on a machine under any load.</summary>
internal static class Limits
{
    public static TimeSpan Wait { get; } = TimeSpan.FromMinutes(3);

    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Wait);

    public static Task WithinLimit(this Task task) => task.WaitAsync(Wait);

    public static Task<T> WithinLimit<T>(this ValueTask<T> task) => task.AsTask().WithinLimit();

    public static Task WithinLimit(this ValueTask task) => task.AsTask().WithinLimit();

    /// <summary>Waits for a state that nobody reports.</summary>
    /// <param name="holds">Whether it is there.</param>
    /// <param name="otherwise">What is to be told when it does not come.</param>
    /// <param name="what">The condition as it is written.</param>
    public static Task UntilAsync(Func<bool> holds, Func<string>? otherwise = null, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        UntilAsync(() => Task.FromResult(holds()), otherwise, what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string}?, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string>? otherwise = null, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        using var limit = new CancellationTokenSource(Wait);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await holds())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"It never came about: {what}\n{otherwise?.Invoke()}");
            }

            await looks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
