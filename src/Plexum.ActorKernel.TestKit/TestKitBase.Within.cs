namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>
    /// Runs a block that must take at least <paramref name="min"/> and at most <paramref name="max"/> (dilated), plus
    /// <paramref name="epsilonValue"/>. Inside, expectations without a limit of their own wait for what is left of it.
    /// </summary>
    /// <returns>The block's result.</returns>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var window = OpenWindow(min, max, hint, epsilonValue);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _state.End = window.OuterEnd;
        }

        CheckWindow(window);
        return result;
    }

    /// <summary>Runs a block that must take at most <paramref name="max"/>; see the overload with a minimum.</summary>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take at most <paramref name="max"/>; see the overload with a minimum and a result.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take its time but no more; see the overload with a result.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        Within<object?>(
            min,
            max,
            () =>
            {
                action();
                return null;
            },
            hint,
            epsilonValue,
            cancellationToken);
    }

    /// <summary>
    /// Runs a block that must take at least <paramref name="min"/> and at most <paramref name="max"/> (dilated), plus
    /// <paramref name="epsilonValue"/>. A block that does not end in time is left alone and fails the test.
    /// </summary>
    /// <returns>The block's result.</returns>
    /// <exception cref="AggregateException">The block's task failed; the inner exception says why.</exception>
    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var window = OpenWindow(min, max, hint, epsilonValue);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        T result = default!;
        try
        {
            var block = function();

            // Timers may fire early; without the extra time a block could be given up that is not late.
            await Task.WhenAny(block, Task.Delay(Dilated(max) + TimeSpan.FromMilliseconds(200), limit.Token));
            if (block.IsCompleted)
            {
                // Not awaited, because Akka.NET's callers get the failure of a block inside an AggregateException.
                result = block.Result;
            }
            else
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await limit.CancelAsync();
            _state.End = window.OuterEnd;
        }

        CheckWindow(window);
        return result;
    }

    /// <summary>Runs a block that must take at most <paramref name="max"/>; see the overload with a minimum.</summary>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take at most <paramref name="max"/>; see the overload with a minimum and a result.</summary>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <summary>Runs a block that must take its time but no more; see the overload with a result.</summary>
    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actionAsync);
        return WithinAsync<object?>(
            min,
            max,
            async () =>
            {
                await actionAsync();
                return null;
            },
            hint,
            epsilonValue,
            cancellationToken);
    }

    private Window OpenWindow(TimeSpan min, TimeSpan max, string? hint, TimeSpan? epsilon)
    {
        EnsureNotNegative(min, nameof(min));
        EnsureNotNegative(max, nameof(max));
        var start = Now;
        var length = Dilated(max);
        var outerEnd = _state.End;
        if (outerEnd is { } end)
        {
            var left = end - start;
            _assertions.AssertTrue(left >= min, "Required min time {0} not possible, only {1} left. {2}", min, left, hint ?? "");
            length = left < length ? left : length;
        }

        _state.LastWasNoMsg = false;
        _state.End = start + length;
        return new Window(start, min, length, outerEnd, epsilon ?? TimeSpan.Zero, hint ?? "");
    }

    private void CheckWindow(Window window)
    {
        var elapsed = Now - window.Start;
        if (elapsed < window.Min)
        {
            Fail("Failed: Block took {0}, should have at least been {1}. {2}", elapsed, window.Min, window.Hint);
        }

        if (!_state.LastWasNoMsg && elapsed > window.Length + window.Epsilon)
        {
            Fail("Failed: Block took {0}, exceeding {1}. {2}", elapsed, window.Length, window.Hint);
        }
    }

    private readonly record struct Window(TimeSpan Start, TimeSpan Min, TimeSpan Length, TimeSpan? OuterEnd, TimeSpan Epsilon, string Hint);
}
