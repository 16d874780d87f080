using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class AgentThreadSpecs : IDisposable
{
    private static readonly AgentId Mallory = AgentId.Parse("mallory");
    private static readonly AgentId Victor = AgentId.Parse("victor");
    private static readonly ThreadId Own = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");
    private static readonly ThreadId Victors = ThreadId.Parse("019a0000-0000-7000-8000-000000000002");
    private static readonly ThreadId Nobodys = ThreadId.Parse("019a0000-0000-7000-8000-000000000003");

    private readonly TemporaryDirectory _profile = new();
    private readonly TemporaryDirectory _workspace = new();
    private readonly FileThreadRegister _register;
    private readonly SessionFile _session;
    private readonly AgentThread _thread;

    public AgentThreadSpecs()
    {
        _register = new FileThreadRegister(_profile.Root);
        _register.Claim(Victor, Victors);
        _session = new SessionFile(_workspace.Root, TimeProvider.System);
        _thread = new AgentThread(_register, Mallory, _session);
    }

    public void Dispose()
    {
        _profile.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public void A_file_that_agrees_with_the_record_is_nothing_to_speak_of()
    {
        _register.Claim(Mallory, Own);
        Write($"{Own}\r\n");

        Assert.Equal((Own, ""), Choose());
        Assert.Equal($"{Own}\r\n", File.ReadAllText(_session.FilePath));
    }

    [Fact]
    public void A_file_is_believed_while_there_is_no_record_and_makes_one()
    {
        Write($"{Nobodys}");

        Assert.Equal((Nobodys, ""), Choose());

        Assert.Equal(new RecordedThread.Current(Nobodys), _register.Find(Mallory));
        Write($"{Own}");
        Assert.Equal((Nobodys, NoticeCodes.SessionNotBelieved), Choose());
        Assert.Null(_register.OwnerOf(Own));
    }

    [Fact]
    public void A_file_that_names_another_agent_s_thread_begins_a_new_one_where_there_is_no_record()
    {
        Write($"{Victors}");

        var choice = _thread.Choose(anew: false);

        Assert.Null(choice.Thread);
        Assert.Contains($"{Victors}, which belongs to agent victor", Assert.Single(choice.Notices).Message, StringComparison.Ordinal);
        Assert.Equal(new RecordedThread.Current(Victors), _register.Find(Victor));
        Assert.Same(RecordedThread.Unrecorded.Instance, _register.Find(Mallory));
    }

    [Theory]
    [InlineData("019a0000-0000-7000-8000-000000000002", "which belongs to agent victor")]
    [InlineData("019a0000-0000-7000-8000-000000000003", "which is not the agent's")]
    [InlineData(null, "was missing")]
    public void A_file_that_does_not_agree_with_the_record_is_told_of_and_written_again(string? named, string told)
    {
        _register.Claim(Mallory, Own);
        if (named is not null)
        {
            Write(named);
        }

        var choice = _thread.Choose(anew: false);

        Assert.Equal(Own, choice.Thread);
        Assert.Equal(NoticeCodes.SessionNotBelieved, Assert.Single(choice.Notices).Code);
        Assert.Contains(told, choice.Notices[0].Message, StringComparison.Ordinal);
        Assert.Equal(Own.ToString(), File.ReadAllText(_session.FilePath));
        Assert.Equal((Own, ""), Choose());
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_moved_aside_and_the_thread_on_record_continued()
    {
        _register.Claim(Mallory, Own);
        Directory.CreateDirectory(_session.FilePath);

        Assert.Equal((Own, NoticeCodes.SessionSetAside), Choose());

        Assert.Equal(Own.ToString(), File.ReadAllText(_session.FilePath));
        Assert.Equal(2, Directory.GetFileSystemEntries(_workspace.Root).Length);
    }

    [Fact]
    public void A_file_that_cannot_be_written_keeps_nobody_from_the_thread_on_record()
    {
        _register.Claim(Mallory, Own);
        var thread = new AgentThread(_register, Mallory, new SessionFile(_workspace.File("gone"), TimeProvider.System));

        var choice = thread.Choose(anew: false);

        Assert.Equal(Own, choice.Thread);
        Assert.Equal([NoticeCodes.SessionNotBelieved, NoticeCodes.SessionNotSaved], choice.Notices.Select(notice => notice.Code));
    }

    [Fact]
    public void After_a_thread_was_given_up_no_file_is_believed_any_more()
    {
        _register.Claim(Mallory, Own);
        _thread.Save(Own);

        Assert.Null(_thread.GiveUp(Own));

        Assert.False(File.Exists(_session.FilePath));
        Assert.Equal(Own.ToString(), File.ReadAllText(Assert.Single(Directory.GetFiles(_workspace.Root))));
        Assert.Equal((null, ""), Choose());
        Write($"{Own}");
        Assert.Equal((null, ""), Choose());
        Write($"{Nobodys}");
        Assert.Equal((null, NoticeCodes.SessionNotBelieved), Choose());
        Assert.Null(_register.OwnerOf(Nobodys));
    }

    [Fact]
    public void A_thread_is_given_up_also_where_the_file_is_gone()
    {
        _register.Claim(Mallory, Own);

        Assert.Null(_thread.GiveUp(Own));

        Assert.Same(RecordedThread.GivenUp.Instance, _register.Find(Mallory));
    }

    [Fact]
    public void A_thread_is_given_up_also_where_its_file_cannot_be_moved_and_that_is_told()
    {
        _register.Claim(Mallory, Own);
        var thread = InWorkspaceThatCannotBeWritten(Own.ToString());

        Assert.Equal(NoticeCodes.SessionNotSaved, thread.GiveUp(Own)?.Code);

        Assert.Same(RecordedThread.GivenUp.Instance, _register.Find(Mallory));
        var next = thread.Choose(anew: false);
        Assert.Null(next.Thread);
        Assert.Empty(next.Notices);
    }

    [Fact]
    public void A_file_that_names_another_thread_than_the_one_that_is_given_up_stays()
    {
        _register.Claim(Mallory, Own);
        Write($"{Nobodys}");

        Assert.Null(_thread.GiveUp(Own));

        Assert.Equal([_session.FilePath], Directory.GetFiles(_workspace.Root));
        Assert.Same(RecordedThread.GivenUp.Instance, _register.Find(Mallory));
    }

    [Fact]
    public void A_file_that_can_neither_be_used_nor_moved_keeps_nobody_from_a_new_thread()
    {
        var choice = InWorkspaceThatCannotBeWritten("nothing").Choose(anew: false);

        Assert.Null(choice.Thread);
        Assert.Equal(NoticeCodes.SessionNotSaved, Assert.Single(choice.Notices).Code);
    }

    [Fact]
    public void A_turn_that_begins_anew_gives_nothing_up_before_codex_has_named_its_thread()
    {
        _register.Claim(Mallory, Own);
        _thread.Save(Own);

        Assert.Equal((null, ""), Choose(anew: true));

        Assert.Equal((Own, ""), Choose());
    }

    [Fact]
    public void A_turn_that_begins_anew_leaves_the_thread_of_an_earlier_version_to_nobody_else()
    {
        Write($"{Nobodys}");

        Assert.Equal((null, ""), Choose(anew: true));

        Assert.Equal(Mallory, _register.OwnerOf(Nobodys));
    }

    [Fact]
    public void A_thread_of_another_agent_cannot_be_worked_in_and_both_are_named()
    {
        _register.Claim(Mallory, Own);

        var error = Assert.Throws<ThreadOwnedException>(() => _thread.Claim(Victors));

        Assert.Contains("belongs to agent victor, so agent mallory", error.Message, StringComparison.Ordinal);
        Assert.Equal(new RecordedThread.Current(Own), _register.Find(Mallory));
    }

    [Fact]
    public void Looking_tells_which_thread_it_would_be_and_changes_nothing()
    {
        Assert.Equal((null, null), Peek());
        Write("nothing");
        Assert.Equal((null, "it contains no thread id"), Peek());
        Write($"{Victors}");
        Assert.Equal((null, $"it names thread {Victors}, which belongs to agent victor"), Peek());
        Write($"{Nobodys}");
        Assert.Equal((Nobodys, null), Peek());
        Assert.Null(_register.OwnerOf(Nobodys));

        _register.Claim(Mallory, Own);
        Assert.Equal((Own, $"it names thread {Nobodys}, which is not the agent's"), Peek());
        Assert.Equal(Nobodys.ToString(), File.ReadAllText(_session.FilePath));
        File.Delete(_session.FilePath);
        Assert.Equal((Own, null), Peek());
    }

    [Fact]
    public void Before_it_is_certain_a_turn_seems_to_continue_what_is_on_record_or_in_the_file()
    {
        Assert.False(_thread.SeemsToContinue);
        Write($"{Nobodys}");
        Assert.True(_thread.SeemsToContinue);
        _register.Claim(Mallory, Own);
        Assert.True(_thread.SeemsToContinue);
        _register.GiveUp(Mallory);
        Assert.False(_thread.SeemsToContinue);
    }

    // Not for root either: its path has a link, where nothing is written.
    private AgentThread InWorkspaceThatCannotBeWritten(string content)
    {
        Write(content);
        var workspace = _profile.File("link");
        Directory.CreateSymbolicLink(workspace, _workspace.Root);
        return new AgentThread(_register, Mallory, new SessionFile(workspace, TimeProvider.System));
    }

    private void Write(string content) => _workspace.Write(SessionFile.Name, content);

    // The thread, and the codes of the notices.
    private (ThreadId? Thread, string Notices) Choose(bool anew = false)
    {
        var choice = _thread.Choose(anew);
        return (choice.Thread, string.Join(' ', choice.Notices.Select(notice => notice.Code)));
    }

    private (ThreadId? Thread, string? Problem) Peek() => (_thread.Peek(out var problem), problem);
}
