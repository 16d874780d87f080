using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec;

/// <summary>What the starts of a turn leave behind in its files when the program dies between two of them.</summary>
public sealed class EarlierStartSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");

    private readonly TemporaryDirectory _profile = new();
    private readonly BackendTurn _turn;
    private readonly ExecTurn _files;
    private readonly ExecBackend _backend;

    public EarlierStartSpecs()
    {
        var (alice, turn) = (AgentId.Parse("alice"), TurnId.New(TimeProvider.System));
        _turn = new BackendTurn(alice, turn, TurnDirectory.Create(new AgentDirectory(_profile.Root, alice), turn));
        _files = new ExecTurn(_turn);
        _backend = new ExecBackend(
            new ExecServices(
                new ExecSettings { CodexHome = _profile.Root },
                new CodexBinarySource(FakeCodexStage.Binary, null),
                TimeProvider.System
            )
        );
    }

    private string Stdout => _turn.Directory.StdoutFile;

    public void Dispose() => _profile.Dispose();

    [Fact]
    public async Task A_codex_that_refused_a_lost_thread_behind_a_wrapper_that_prints_is_started_again()
    {
        NoteStart(Thread);
        await File.WriteAllTextAsync(Stdout, "from a wrapper\n");
        Assert.NotNull(await _backend.FindAsync(_turn, threadWasLost: false));

        _files.NoteRefusal();

        Assert.Null(await _backend.FindAsync(_turn, threadWasLost: true));
    }

    [Fact]
    public async Task What_a_start_printed_does_not_mean_that_the_next_one_was_started()
    {
        NoteStart(Thread);
        await File.WriteAllTextAsync(Stdout, "from a wrapper");

        NoteStart(null);
        Assert.Null(await _backend.FindAsync(_turn, threadWasLost: true));

        await File.AppendAllTextAsync(Stdout, "{");
        Assert.NotNull(await _backend.FindAsync(_turn, threadWasLost: true));
        Assert.Equal("from a wrapper\n{", await File.ReadAllTextAsync(Stdout));
    }

    [Fact]
    public void A_start_begins_on_a_line_of_its_own_and_adds_no_empty_one()
    {
        NoteStart(null);
        Assert.False(File.Exists(Stdout));

        File.WriteAllText(Stdout, "one\n");
        NoteStart(null);
        Assert.Equal("one\n", File.ReadAllText(Stdout));
    }

    private void NoteStart(ThreadId? thread) =>
        _files.NoteStart(
            new CodexBackendProtocol.Start(_turn.TurnId, 1, _profile.Root, Prompt.None, null, thread, null, default, null)
            {
                StartedAt = DateTimeOffset.UnixEpoch,
            }
        );
}
