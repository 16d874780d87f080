using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

public sealed class LiveTrackSpecs : IAsyncLifetime, IAsyncDisposable
{
    private static readonly AgentId Agent = AgentId.Parse("alice");

    private readonly TemporaryDirectory _profile = new();
    private SqliteLedger? _ledger;

    private SqliteLedger Ledger => _ledger!;

    public async Task InitializeAsync() =>
        _ledger = await SqliteLedger.OpenAsync(_profile.File("ledger.db"), TimeProvider.System, _ => { });

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        _profile.Dispose();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task The_tokens_of_a_turn_are_shown_once_the_ledger_has_them_however_late_that_is()
    {
        var track = new LiveTrack(Agent, AgentPhase.Idle, default);
        var first = await BeginAsync(track);

        // It has ended, its log says so, and the ledger does not yet.
        track.Rest();
        await track.CountAsync(Ledger);
        Assert.Equal((Usage.Zero, true), (track.Usage, track.IsBehind));

        await EndAsync(first, 100, 20);
        await track.CountAsync(Ledger);
        Assert.Equal((new Usage(100, 20, 0, 0), false), (track.Usage, track.IsBehind));
    }

    [Fact]
    public async Task Each_turn_counts_once_also_if_the_next_begins_at_once()
    {
        var track = new LiveTrack(Agent, AgentPhase.Idle, default);
        var first = await BeginAsync(track);
        await track.CountAsync(Ledger);

        var second = await BeginAsync(track);
        await EndAsync(first, 100, 20);
        await track.CountAsync(Ledger);
        Assert.Equal(new Usage(100, 20, 0, 0), track.Usage);

        await EndAsync(second, 10, 2);
        track.Rest();
        await track.CountAsync(Ledger);
        await track.CountAsync(Ledger);
        Assert.Equal((new Usage(110, 22, 0, 0), false), (track.Usage, track.IsBehind));
    }

    private Task EndAsync(TurnId turn, long input, long output)
    {
        Ledger.Ended(turn, new TurnOutcome(DateTimeOffset.UnixEpoch, StopReason.EndTurn, new Usage(input, output, 0, 0)));
        return Ledger.FlushAsync();
    }

    private async Task<TurnId> BeginAsync(LiveTrack track)
    {
        var turn = TurnId.New(TimeProvider.System);
        await Ledger.AcceptAsync(turn, new TurnRequest(Agent, null, null, []), null, DateTimeOffset.UnixEpoch);
        Ledger.Started(turn, DateTimeOffset.UnixEpoch);
        track.Begin(turn, () => new LiveGlance(TurnDirectory.Of(new AgentDirectory(_profile.Root, Agent), turn)));
        return turn;
    }
}
