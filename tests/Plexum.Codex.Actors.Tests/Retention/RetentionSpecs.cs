using System.Reflection;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Files;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Retention;

public sealed class RetentionSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId Ana = AgentId.Parse("ana");

    private readonly TemporaryDirectory _profile = new();
    private readonly TurnReaders _readers = new();
    private readonly SqliteLedger _ledger;
    private RetentionSettings _settings = new();

    public RetentionSpecs()
        : base(TestSystem.WithClock) =>
        _ledger = SqliteLedger.OpenAsync(_profile.File("ledger.db"), TimeProvider.System, _ => { }).GetAwaiter().GetResult();

    [Fact]
    public async Task Files_that_are_older_than_the_limit_go_at_the_start_and_what_was_used_stays()
    {
        var old = await EndedAsync(1, Noon.AddDays(-31));
        var young = await EndedAsync(2, Noon.AddDays(-29));

        Assert.Equal(new RetentionProtocol.Swept(1, 3 * 4096, 0, null), Sweep());

        Assert.False(Directory.Exists(old.Root));
        Assert.True(File.Exists(young.EventsFile));
        Assert.True((await _ledger.FindTurnAsync(TurnOf(1)))!.FilesRemoved);
        Assert.Equal(3 * 4096, (await _ledger.FindTurnAsync(TurnOf(2)))!.FilesBytes);
        Assert.Equal(2, (await _ledger.FindAgentAsync(Ana))!.Usage.InputTokens);
    }

    [Fact]
    public async Task Beyond_the_total_size_the_oldest_go_until_it_fits()
    {
        var turns = new List<TurnDirectory>();
        for (var number = 1; number <= 5; number++)
        {
            turns.Add(await EndedAsync(number, Noon.AddDays(-number), bytes: 100_000));
        }

        _settings = new RetentionSettings { MaxBytes = 350_000 };

        Assert.Equal(2, Sweep().Removed);
        Assert.Equal([false, false, true, true, true], turns.Select(turn => Directory.Exists(turn.Root)).ToArray());
    }

    [Fact]
    public async Task What_is_read_stays_until_nobody_reads_it_any_more()
    {
        var turn = await EndedAsync(1, Noon.AddDays(-31));
        var first = _readers.TryRead(TurnOf(1))!;
        var second = _readers.TryRead(TurnOf(1))!;

        Assert.Equal(0, Sweep().Removed);
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, Sweep().Removed);
        Assert.True(File.Exists(turn.EventsFile));
        second.Dispose();
        Assert.Equal(1, Sweep().Removed);
    }

    [Fact]
    public void A_turn_that_is_being_removed_cannot_be_read()
    {
        var removal = _readers.TryRemove(TurnOf(1))!;
        Assert.Null(_readers.TryRead(TurnOf(1)));
        Assert.Null(_readers.TryRemove(TurnOf(1)));
        removal.Dispose();
        Assert.NotNull(_readers.TryRead(TurnOf(1)));
    }

    [Fact]
    public async Task Turns_that_have_not_ended_or_are_not_settled_stay_however_old_and_large()
    {
        await _ledger.AcceptAsync(TurnOf(1), Request(), null, Noon.AddYears(-5));
        var queued = Make(1, settled: true);
        var unsettled = await EndedAsync(2, Noon.AddYears(-5), settled: false);
        _settings = new RetentionSettings { MaxBytes = 1 };

        Assert.Equal(0, Sweep().Removed);
        Assert.True(Directory.Exists(queued.Root) && Directory.Exists(unsettled.Root));
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        var treasure = _profile.File("treasure");
        Directory.CreateDirectory(treasure);
        File.WriteAllText(Path.Combine(treasure, "gold"), "gold");
        var inside = await EndedAsync(1, Noon.AddDays(-31));
        Directory.CreateSymbolicLink(Path.Combine(inside.Root, "link"), treasure);
        File.CreateSymbolicLink(Path.Combine(inside.Root, "file"), Path.Combine(treasure, "gold"));
        var outside = await EndedAsync(2, Noon.AddDays(-31));
        Directory.Delete(outside.Root, recursive: true);
        Directory.CreateSymbolicLink(outside.Root, treasure);

        Assert.Equal(1, Sweep().Removed);
        Assert.False(Directory.Exists(inside.Root));
        Assert.Equal("gold", File.ReadAllText(Path.Combine(treasure, "gold")));
    }

    [Fact]
    public async Task Settled_turns_that_the_ledger_does_not_know_go_by_the_age_of_their_files()
    {
        var old = Make(1, settled: true, written: Noon.AddDays(-31));
        var young = Make(2, settled: true, written: Noon.AddDays(-29));
        var unsettled = Make(3, settled: false, written: Noon.AddDays(-31));
        await _ledger.AcceptAsync(TurnOf(4), Request(), null, Noon.AddDays(-31));
        var running = Make(4, settled: true, written: Noon.AddDays(-31));

        Assert.Equal(1, Sweep().Removed);
        Assert.Equal(
            [false, true, true, true],
            new[] { old, young, unsettled, running }.Select(turn => Directory.Exists(turn.Root)).ToArray()
        );
    }

    [Fact]
    public async Task Rows_that_are_older_than_their_limit_are_forgotten_once_their_files_are_gone()
    {
        await EndedAsync(1, Noon.AddDays(-401));
        await EndedAsync(2, Noon.AddDays(-399));

        var swept = Sweep();

        Assert.Equal((2, 1), (swept.Removed, swept.Forgotten));
        Assert.Null(await _ledger.FindTurnAsync(TurnOf(1)));
        Assert.NotNull(await _ledger.FindTurnAsync(TurnOf(2)));
        Assert.Equal(2, (await _ledger.FindAgentAsync(Ana))!.Ended);
    }

    [Fact]
    public async Task A_round_begins_at_the_start_and_every_hour()
    {
        var first = await EndedAsync(1, Noon.AddDays(-31));
        var actor = Start();
        await Limits.UntilAsync(() => !Directory.Exists(first.Root));
        Ask(actor);

        var second = await EndedAsync(2, Noon.AddDays(-31));
        ((TestClock)Sys.Scheduler).Advance(TimeSpan.FromMinutes(59));
        Assert.True(Directory.Exists(second.Root));
        ((TestClock)Sys.Scheduler).Advance(TimeSpan.FromMinutes(1));
        await Limits.UntilAsync(() => !Directory.Exists(second.Root));
    }

    [Fact]
    public async Task A_round_that_fails_says_why_and_the_next_one_works()
    {
        await EndedAsync(1, Noon.AddDays(-31));
        await _ledger.DisposeAsync();
        Assert.Contains("is closed", Ask(Start()).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, "forward by 960.0 hours")]
    [InlineData(-40, "back by 960.0 hours")]
    public async Task A_round_after_the_clock_was_set_removes_nothing_and_says_so_and_the_next_one_does(int days, string says)
    {
        var turn = await EndedAsync(1, TimeProvider.System.GetUtcNow().AddDays(-1));
        _settings = new RetentionSettings { Turns = TimeSpan.FromDays(2), MaxBytes = 1 };
        using var reading = _readers.TryRead(TurnOf(1))!;
        var time = ManualTime.Running();
        var actor = Sys.ActorOf(RetentionActor.Props(_profile.Root, _ledger, Logs, _readers, _settings, time));
        Assert.Equal(0, Ask(actor).Removed);
        reading.Dispose();

        time.Offset = TimeSpan.FromDays(days);
        var swept = Ask(actor);

        Assert.Contains(says, swept.Problem, StringComparison.Ordinal);
        Assert.True(Directory.Exists(turn.Root));
        Assert.Equal(1, Ask(actor).Removed);
    }

    [Fact]
    public async Task Messages_that_a_dead_process_left_in_pieces_are_joined_in_the_first_round()
    {
        const string End = """{"seq":3,"type":"message_end","stop_reason":"end_turn"}""";
        var left = await EndedAsync(1, Noon.AddDays(-1));
        File.WriteAllText(left.EventsFile, Piece(1, "Hel") + Piece(2, "lo") + End + "\n");
        var running = await EndedAsync(2, Noon.AddDays(-1));
        File.WriteAllText(running.EventsFile, Piece(1, "Hel") + Piece(2, "lo"));

        var sweep = new RetentionSweep(_profile.Root, _ledger, Logs, _readers, _settings, Noon) { JoinsMessages = true };
        Assert.Null((await sweep.RunAsync().WithinLimit()).Problem);

        Assert.Equal([Piece(2, "Hello"), End + "\n"], File.ReadAllLines(left.EventsFile).Select(line => line + "\n"));
        Assert.Equal(2, File.ReadAllLines(running.EventsFile).Length);
    }

    [Fact]
    public async Task The_first_round_after_a_start_joins_messages_and_later_ones_do_not()
    {
        var left = await EndedAsync(1, Noon.AddDays(-1));
        var events = Piece(1, "Hel") + Piece(2, "lo") + """{"seq":3,"type":"message_end"}""" + "\n";
        File.WriteAllText(left.EventsFile, events);
        var actor = Start();
        Ask(actor);
        Assert.Equal(2, File.ReadAllLines(left.EventsFile).Length);

        var later = await EndedAsync(2, Noon.AddDays(-1));
        File.WriteAllText(later.EventsFile, events);
        Ask(actor);
        Ask(actor);

        Assert.Equal(3, File.ReadAllLines(later.EventsFile).Length);
    }

    [Fact]
    public async Task Messages_are_joined_until_a_round_has_got_through()
    {
        var left = await EndedAsync(1, Noon.AddDays(-1));
        File.WriteAllText(left.EventsFile, Piece(1, "Hel") + Piece(2, "lo") + """{"seq":3,"type":"message_end"}""" + "\n");
        var ledger = DispatchProxy.Create<ITurnLedger, FailingOnce>();
        ((FailingOnce)ledger).Inner = _ledger;
        var actor = Sys.ActorOf(RetentionActor.Props(_profile.Root, ledger, Logs, _readers, _settings, new ManualTime(Noon)));
        await Limits.UntilAsync(() => Ask(actor).Problem is null);

        Assert.Equal(2, File.ReadAllLines(left.EventsFile).Length);
    }

    [Fact]
    public async Task Time_that_passes_on_every_clock_is_no_jump()
    {
        await EndedAsync(1, TimeProvider.System.GetUtcNow().AddDays(-1));
        _settings = new RetentionSettings { Turns = TimeSpan.FromDays(2) };
        var time = ManualTime.Running();
        var actor = Sys.ActorOf(RetentionActor.Props(_profile.Root, _ledger, Logs, _readers, _settings, time));
        Assert.Equal(new RetentionProtocol.Swept(0, 0, 0, null), Ask(actor));

        time.Pass(TimeSpan.FromDays(3));

        Assert.Equal(1, Ask(actor).Removed);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _ledger.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _profile.Dispose();
    }

    private FileTurnLogStore Logs => new(_profile.Root, TimeProvider.System);

    private static TurnId TurnOf(int number) => LedgerStage.Turn(number);

    private static TurnRequest Request() => new(Ana, "/w", null, [TurnMessage.User("hello")]);

    private async Task<TurnDirectory> EndedAsync(int number, DateTimeOffset at, int bytes = 10, bool settled = true)
    {
        await _ledger.AcceptAsync(TurnOf(number), Request(), null, at);
        _ledger.Ended(TurnOf(number), new TurnOutcome(at, StopReason.EndTurn, new Usage(1, 1, 1, 1)));
        await _ledger.FlushAsync();
        return Make(number, settled, bytes);
    }

    private TurnDirectory Make(int number, bool settled, int bytes = 10, DateTimeOffset? written = null)
    {
        var turn = TurnDirectory.Create(new AgentDirectory(_profile.Root, Ana), TurnOf(number));
        File.WriteAllText(Path.Combine(turn.Root, "prompt"), "hello");
        File.WriteAllBytes(turn.EventsFile, new byte[bytes]);
        if (settled)
        {
            using var log = File.AppendText(turn.EventsFile);
            log.Write("\n" + """{"seq":1,"type":"message_end"}""" + "\n");
        }

        if (written is { } time)
        {
            File.SetLastWriteTimeUtc(turn.EventsFile, time.UtcDateTime);
            Directory.SetLastWriteTimeUtc(turn.Root, time.UtcDateTime);
        }

        return turn;
    }

    private static string Piece(int seq, string text) => $$"""{"seq":{{seq}},"type":"text_delta","item":"m","text":"{{text}}"}""" + "\n";

    private IActorRef Start() => Sys.ActorOf(RetentionActor.Props(_profile.Root, _ledger, Logs, _readers, _settings, new ManualTime(Noon)));

    /// <summary>A ledger that cannot be read the first time.</summary>
    public class FailingOnce : DispatchProxy
    {
        private bool _hasFailed;

        /// <summary>The ledger itself.</summary>
        public ITurnLedger Inner { get; set; } = NoLedger.Instance;

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ITurnLedger.EndedWithFilesAsync) && !_hasFailed)
            {
                _hasFailed = true;
                throw new LedgerUnavailableException("The test has the ledger fail.");
            }

            return targetMethod.Invoke(Inner, args);
        }
    }

    // The actor begins a round by itself at its start, so what it answers may be that one's or the next one's.
    private RetentionProtocol.Swept Sweep() =>
        new RetentionSweep(_profile.Root, _ledger, Logs, _readers, _settings, Noon).RunAsync().WithinLimit().GetAwaiter().GetResult();

    private RetentionProtocol.Swept Ask(IActorRef actor)
    {
        var probe = CreateTestProbe();
        actor.Tell(RetentionProtocol.Sweep.Instance, probe.Ref);
        return probe.ExpectMsg<RetentionProtocol.Swept>();
    }
}
