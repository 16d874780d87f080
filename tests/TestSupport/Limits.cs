using System.Runtime.CompilerServices;

namespace Plexum.Codex.TestSupport;

/// <summary>How long a test waits for what must come. Only what hangs takes longer, on a machine under any load.</summary>
public static class Limits
{
    /// <summary>The longest wait of a test.</summary>
    public static TimeSpan Wait { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Waits for a task, and fails when it takes longer than <see cref="Wait"/>.</summary>
    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Wait);

    /// <inheritdoc cref="WithinLimit{T}(Task{T})"/>
    public static Task WithinLimit(this Task task) => task.WaitAsync(Wait);

    /// <inheritdoc cref="WithinLimit{T}(Task{T})"/>
    public static Task<T> WithinLimit<T>(this ValueTask<T> task) => task.AsTask().WithinLimit();

    /// <inheritdoc cref="WithinLimit{T}(Task{T})"/>
    public static Task WithinLimit(this ValueTask task) => task.AsTask().WithinLimit();

    /// <summary>Waits for a state that nobody reports.</summary>
    /// <param name="holds">Whether it is there.</param>
    /// <param name="otherwise">What to report if it does not come.</param>
    /// <param name="what">The condition as it is written.</param>
    public static Task UntilAsync(
        Func<bool> holds,
        Func<string>? otherwise = null,
        [CallerArgumentExpression(nameof(holds))] string what = ""
    ) => UntilAsync(() => Task.FromResult(holds()), otherwise, what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string}?, string)"/>
    public static async Task UntilAsync(
        Func<Task<bool>> holds,
        Func<string>? otherwise = null,
        [CallerArgumentExpression(nameof(holds))] string what = ""
    )
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
