using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class SessionFileSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");

    private readonly TemporaryDirectory _workspace = new();
    private readonly SessionFile _session;

    public SessionFileSpecs() =>
        _session = new SessionFile(_workspace.Root, new ManualTime(new DateTimeOffset(2026, 11, 20, 19, 0, 0, TimeSpan.Zero)));

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_thread_comes_back_as_it_was_stored()
    {
        Prop.ForAll<Guid>(guid =>
            {
                if (!ThreadId.TryParse(guid.ToString(), out var thread))
                {
                    return true;
                }

                _session.Save(thread);
                return _session.Load() == new SessionState.Resumable(thread);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void The_file_holds_the_bare_id_for_its_owner_only()
    {
        _session.Save(Thread);

        Assert.Equal(Thread.ToString(), File.ReadAllText(_session.FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_session.FilePath));
        Assert.Equal([SessionFile.Name], Names());
    }

    [Fact]
    public void S7_Nothing_is_written_where_a_link_leads_that_took_the_workspace_s_place()
    {
        using var elsewhere = new TemporaryDirectory();
        Directory.Move(_workspace.Root, _workspace.Root + ".moved");
        Directory.CreateSymbolicLink(_workspace.Root, elsewhere.Root);
        try
        {
            Assert.Throws<CodexException>(() => _session.Save(Thread));
            Assert.Throws<CodexException>(() => _session.SetAside("it is odd"));
            Assert.Empty(Directory.GetFileSystemEntries(elsewhere.Root));
        }
        finally
        {
            Directory.Delete(_workspace.Root);
            Directory.Move(_workspace.Root + ".moved", _workspace.Root);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("  \n\n")]
    public void White_space_behind_the_id_is_tolerated(string end)
    {
        File.WriteAllText(_session.FilePath, Thread + end);

        Assert.Equal(new SessionState.Resumable(Thread), _session.Load());
    }

    [Fact]
    public void A_workspace_without_a_file_begins_a_thread() => Assert.Same(SessionState.Fresh.Instance, _session.Load());

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\n", "it is empty")]
    [InlineData("--last", "it contains no thread id")]
    [InlineData("01a1fa61-01c1-7781-bfa1-609b5404abaf and more", "it contains no thread id")]
    [InlineData("\u0000\u00ff", "it contains no thread id")]
    public void A_file_that_holds_no_thread_is_moved_aside_and_kept(string content, string reason)
    {
        File.WriteAllText(_session.FilePath, content);

        var state = Assert.IsType<SessionState.SetAside>(_session.Load());

        Assert.Equal(reason, state.Reason);
        Assert.Equal(_session.FilePath + ".bad-20261120T190000Z", state.MovedTo);
        Assert.Equal(content, File.ReadAllText(state.MovedTo));
        Assert.Same(SessionState.Fresh.Instance, _session.Load());
        Assert.Contains(reason, state.ToNotice(null).Message, StringComparison.Ordinal);
        Assert.Contains(Thread.ToString(), state.ToNotice(Thread).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_moved_aside_and_never_followed()
    {
        var target = _workspace.Write("target", Thread.ToString());
        File.CreateSymbolicLink(_session.FilePath, target);

        var state = Assert.IsType<SessionState.SetAside>(_session.Load());

        Assert.Equal("it is a link", state.Reason);
        Assert.Equal(target, new FileInfo(state.MovedTo).LinkTarget);
    }

    [Fact]
    public void A_link_that_appears_before_the_writing_is_replaced_and_its_target_left_alone()
    {
        var target = _workspace.Write("target", "keep");
        File.CreateSymbolicLink(_session.FilePath, target);

        _session.Save(Thread);

        Assert.Equal("keep", File.ReadAllText(target));
        Assert.Null(new FileInfo(_session.FilePath).LinkTarget);
        Assert.Equal(new SessionState.Resumable(Thread), _session.Load());
    }

    [Fact]
    public void A_directory_is_moved_aside_in_reading_and_in_writing()
    {
        Directory.CreateDirectory(_session.FilePath);
        Assert.Equal("it is a directory", Assert.IsType<SessionState.SetAside>(_session.Load()).Reason);

        Directory.CreateDirectory(_session.FilePath);
        _session.Save(Thread);

        Assert.Equal(new SessionState.Resumable(Thread), _session.Load());
        Assert.Equal([SessionFile.Name, $"{SessionFile.Name}.bad-20261120T190000Z", $"{SessionFile.Name}.bad-20261120T190000Z-2"], Names());
    }

    [Fact]
    public async Task A_pipe_is_moved_aside_without_waiting_for_its_writer()
    {
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_session.FilePath]);
        await mkfifo.WaitForExitAsync().WithinLimit();

        Assert.Equal("it is not a file", Assert.IsType<SessionState.SetAside>(_session.Load()).Reason);
    }

    [Fact]
    public void A_thread_that_is_stored_already_is_not_written_again()
    {
        _session.Save(Thread);
        File.SetUnixFileMode(_session.FilePath, UnixFileMode.UserRead);

        _session.Save(Thread);

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_session.FilePath));
    }

    [Fact]
    public void A_workspace_that_is_gone_is_an_error_with_the_way_out()
    {
        var session = new SessionFile(_workspace.File("gone"), TimeProvider.System);

        Assert.Contains(
            "Make the workspace writable",
            Assert.Throws<CodexException>(() => session.Save(Thread)).Message,
            StringComparison.Ordinal
        );
    }

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_workspace.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
}
