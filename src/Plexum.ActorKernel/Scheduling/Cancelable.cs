namespace Akka.Actor;

/// <summary>
/// The usual <see cref="ICancelable"/>. Work that is scheduled with it leaves the scheduler at the moment of the
/// cancellation.
/// </summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler? _scheduler;
    private CancellationTokenSource? _source;
    private ScheduledWork? _work;

    /// <summary>Creates a handle that is cancelled by hand.</summary>
    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    /// <summary>Creates a handle that is cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler.Advanced, delay)
    {
    }

    /// <summary>Creates a handle that is cancelled after that many milliseconds.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler.Advanced, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    /// <summary>Creates a handle that is cancelled by hand.</summary>
    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Creates a handle that is cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    private Cancelable(IActionScheduler? scheduler, CancellationTokenSource source)
    {
        _scheduler = scheduler;
        _source = source;
        source.Token.UnsafeRegister(static self => ((Cancelable)self!).Close(), this);
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => ReferenceEquals(Volatile.Read(ref _work), ScheduledWork.Closed);

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            if (_source is null)
            {
                var mine = new CancellationTokenSource();
                if (Interlocked.CompareExchange(ref _source, mine, null) is not null)
                {
                    mine.Dispose();
                }
                else if (IsCancellationRequested)
                {
                    mine.Cancel();
                }
            }

            return _source.Token;
        }
    }

    /// <summary>A handle that has been cancelled already.</summary>
    public static ICancelable CreateCanceled() =>
        new Cancelable(null, new CancellationTokenSource(TimeSpan.Zero));

    /// <summary>A handle that is cancelled with the first of <paramref name="cancelables"/>.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler.Advanced, cancelables);

    /// <summary>A handle that is cancelled with the first of <paramref name="cancelables"/>.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler, Array.ConvertAll(cancelables, c => c.Token));

    /// <summary>A handle that is cancelled with the first of <paramref name="cancellationTokens"/>.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        CreateLinkedCancelable(scheduler.Advanced, cancellationTokens);

    /// <summary>A handle that is cancelled with the first of <paramref name="cancellationTokens"/>.</summary>
    public static ICancelable CreateLinkedCancelable(
        IActionScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        new Cancelable(scheduler, CancellationTokenSource.CreateLinkedTokenSource(cancellationTokens));

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Cancel() => Cancel(false);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Close();
        Volatile.Read(ref _source)?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (!IsCancellationRequested)
        {
            _scheduler!.ScheduleOnce(delay, CancelUnlessDisposed, this);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the use of the handle; what is scheduled with it stays scheduled.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            IsDisposed = true;
            _source?.Dispose();
        }
    }

    /// <summary>Ties work to this handle.</summary>
    /// <returns>False when it was cancelled before, so that the work must not be scheduled.</returns>
    internal bool TryAttach(ScheduledWork work)
    {
        while (true)
        {
            var top = Volatile.Read(ref _work);
            if (ReferenceEquals(top, ScheduledWork.Closed))
            {
                return false;
            }

            // What is done is left out, so that a handle used again and again does not collect it.
            var next = top;
            while (next is { IsDone: true })
            {
                next = next.NextOfHandle;
            }

            work.NextOfHandle = next;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _work, work, top), top))
            {
                return true;
            }
        }
    }

    private void Close()
    {
        for (var work = Interlocked.Exchange(ref _work, ScheduledWork.Closed); work is not null; work = work.NextOfHandle)
        {
            work.Cancel();
        }
    }

    private void CancelUnlessDisposed()
    {
        if (!IsDisposed)
        {
            Cancel();
        }
    }
}
