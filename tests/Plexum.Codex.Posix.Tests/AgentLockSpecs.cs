using System.Diagnostics;
using Xunit;

namespace Plexum.Codex.Posix;

public sealed class AgentLockSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string LockPath => _directory.File("lock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_lock_is_had_once_and_names_its_holder()
    {
        using var first = FileLock.TryAcquire(LockPath, out _);
        Assert.NotNull(first);

        Assert.Null(FileLock.TryAcquire(LockPath, out var holder));

        Assert.Equal(Environment.ProcessId, holder?.Pid);
        Assert.StartsWith($"process {Environment.ProcessId} (", holder!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_pipe_in_its_place_is_refused_with_the_way_out()
    {
        NamedPipe.Create(LockPath);

        Assert.Contains(
            "Remove it",
            Assert.Throws<IOException>(() => FileLock.TryAcquire(LockPath, out _)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_lock_is_free_again_after_its_holder_and_keeps_its_file()
    {
        FileLock.TryAcquire(LockPath, out _)!.Dispose();

        Assert.True(File.Exists(LockPath));
        using var second = FileLock.TryAcquire(LockPath, out _);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task A_wait_reports_once_for_whom_and_ends_with_the_lock()
    {
        var first = FileLock.TryAcquire(LockPath, out _)!;
        var told = new List<LockHolder>();
        var toldOnce = new TaskCompletionSource();
        var waiting = FileLock.AcquireAsync(
            LockPath,
            TimeProvider.System,
            holder =>
            {
                told.Add(holder);
                toldOnce.SetResult();
            },
            CancellationToken.None
        );
        await toldOnce.Task.WithinLimit();
        Assert.False(waiting.IsCompleted);

        first.Dispose();

        using var second = await waiting.WithinLimit();
        Assert.Equal(Environment.ProcessId, Assert.Single(told).Pid);
    }

    [Fact]
    public async Task A_wait_ends_with_its_token()
    {
        using var first = FileLock.TryAcquire(LockPath, out _);
        using var cancellation = new CancellationTokenSource();
        var waiting = FileLock.AcquireAsync(LockPath, TimeProvider.System, _ => cancellation.Cancel(), cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithinLimit());
    }

    [Fact]
    public async Task Another_process_holds_it_against_us_until_it_is_killed()
    {
        using var other = Process.Start(
            new ProcessStartInfo("flock", [LockPath, "sh", "-c", "echo held; exec sleep 1000"]) { RedirectStandardOutput = true }
        )!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync().WithinLimit());

        Assert.Null(FileLock.TryAcquire(LockPath, out var holder));
        Assert.Equal(other.Id, LockHolder.Find(LockPath)?.Pid);
        Assert.Equal(other.Id, holder?.Pid);

        other.Kill(entireProcessTree: true);
        using var ours = await FileLock.AcquireAsync(LockPath, TimeProvider.System, _ => { }, CancellationToken.None).WithinLimit();
        Assert.NotNull(ours);
    }

    [Fact]
    public async Task S17_The_name_of_a_process_that_holds_a_lock_is_one_visible_line()
    {
        const string Holder = """
            import fcntl, sys, time
            lock = open(sys.argv[1], "w"); fcntl.flock(lock, fcntl.LOCK_EX)
            open("/proc/self/comm", "w", encoding="utf-8").write("a\n\u202eb\x1b")
            print("held", flush=True); time.sleep(1000)
            """;
        using var other = Process.Start(new ProcessStartInfo("python3", ["-c", Holder, LockPath]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("held", await other.StandardOutput.ReadLineAsync().WithinLimit());

            Assert.Null(FileLock.TryAcquire(LockPath, out var holder));

            Assert.Equal($@"process {other.Id} (a\x0a\u202eb\x1b)", holder?.ToString());
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public void A_link_in_the_place_of_the_lock_is_not_followed()
    {
        File.CreateSymbolicLink(LockPath, _directory.File("target"));

        Assert.Throws<IOException>(() => FileLock.TryAcquire(LockPath, out _));
        Assert.False(File.Exists(_directory.File("target")));
    }

    [Fact]
    public void A_file_that_nobody_locks_has_no_holder()
    {
        Assert.Null(LockHolder.Find(_directory.File("missing")));
        Assert.Null(LockHolder.Find(_directory.Write("file", "")));
    }
}
