using System.Diagnostics;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class ThreadWriterLockSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");

    private readonly TemporaryDirectory _home = new();

    private string LockPath => ThreadWriterLock.PathOf(_home.Root, Thread);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_lock_of_a_thread_is_held_once_and_its_file_goes_with_it()
    {
        var first = ThreadWriterLock.TryAcquire(_home.Root, Thread)!;
        Assert.Null(ThreadWriterLock.TryAcquire(_home.Root, Thread));
        Assert.True(File.Exists(LockPath));

        first.Dispose();

        Assert.False(File.Exists(LockPath));
        ThreadWriterLock.TryAcquire(_home.Root, Thread)!.Dispose();
    }

    [Fact]
    public async Task A_lock_that_stays_taken_ends_the_wait_with_its_holder()
    {
        using var held = ThreadWriterLock.TryAcquire(_home.Root, Thread);

        var failure = await Assert.ThrowsAsync<ThreadBusyException>(() =>
            ThreadWriterLock.AcquireAsync(_home.Root, Thread, TimeSpan.FromMilliseconds(50), TimeProvider.System).WithinLimit()
        );

        Assert.Contains($" locked by process {Environment.ProcessId} (", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_with_the_lock_once_it_is_free()
    {
        var held = ThreadWriterLock.TryAcquire(_home.Root, Thread)!;
        var waiting = ThreadWriterLock.AcquireAsync(_home.Root, Thread, Limits.Wait, TimeProvider.System);
        Assert.False(waiting.IsCompleted);

        held.Dispose();

        (await waiting.WithinLimit()).Dispose();
    }

    [Fact]
    public void While_somebody_makes_or_removes_locks_none_are_made_or_removed()
    {
        var first = ThreadWriterLock.TryAcquire(_home.Root, Thread)!;
        using (FileLock.TryAcquire(Path.Combine(Path.GetDirectoryName(LockPath)!, ".coordination.lock"), out _))
        {
            first.Dispose();
            Assert.True(File.Exists(LockPath));
            Assert.Null(ThreadWriterLock.TryAcquire(_home.Root, Thread));
        }

        ThreadWriterLock.TryAcquire(_home.Root, Thread)!.Dispose();
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public async Task Programs_that_are_being_started_do_not_keep_a_lock_that_was_given_back()
    {
        using var over = new CancellationTokenSource();
        var starting = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                using var program = Process.Start("true");
                program.WaitForExit();
            }
        });

        for (var i = 0; i < 20_000 && !starting.IsCompleted; i++)
        {
            ThreadWriterLock.TryAcquire(_home.Root, Thread)!.Dispose();
            Assert.False(File.Exists(LockPath));
        }

        await over.CancelAsync();
        await starting.WithinLimit();
    }
}
