using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Host.History;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

public sealed class AgentIdsSpecs : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryDirectory _profile = new();
    private SqliteLedger? _ledger;

    // The ledger knows carol, of whom nothing is left in the profile.
    public async Task InitializeAsync()
    {
        Agent("alice", "019a01");
        Agent("bob", "019a02");
        _ledger = await SqliteLedger.OpenAsync(_profile.File("ledger.db"), TimeProvider.System, _ => { });
        var request = new TurnRequest(AgentId.Parse("carol"), null, null, []);
        await _ledger.AcceptAsync(TurnId.Parse("019a00"), request, null, DateTimeOffset.UnixEpoch);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger!.DisposeAsync();
        _profile.Dispose();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("al", "alice")]
    [InlineData("last", "bob")]
    [InlineData("carol", "carol")]
    [InlineData("ca", "carol")]
    public async Task An_agent_that_there_is_is_found_in_the_profile_or_in_the_ledger(string given, string agent) =>
        Assert.Equal(agent, (await FindKnownAsync(given)).Value);

    [Theory]
    [InlineData("nobody", "The agent nobody has had no turn")]
    [InlineData("alcie", "did you mean alice?")]
    [InlineData("carrol", "did you mean carol?")]
    public async Task An_agent_that_there_is_not_is_refused_with_what_was_meant(string given, string says)
    {
        var refused = await Assert.ThrowsAsync<UnknownAgentException>(() => FindKnownAsync(given));

        Assert.Equal(ExitCodes.Refused, ExitCodes.Of(refused));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("last", "bob")]
    [InlineData("al", "al")]
    [InlineData("dora", "dora")]
    public void A_turn_is_for_a_new_agent_unless_it_is_for_the_last_one(string given, string agent) =>
        Assert.Equal(agent, AgentIds.FindOfTurn(_profile.Root, given).Value);

    [Fact]
    public void Nobody_begins_an_agent_called_last_who_means_the_last_one()
    {
        using var empty = new TemporaryDirectory();

        Assert.Throws<CodexException>(() => AgentIds.FindOfTurn(empty.Root, "last"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task A_turn_without_text_is_refused_before_anybody_is_asked(string text)
    {
        var arguments = ProgramCommands.Create().Parse(["say", "--agent", "alice", "--", text]);

        var refused = await Assert.ThrowsAsync<CommandException>(() =>
            TurnOptions.ReadAsync(arguments, _profile.Root, CancellationToken.None)
        );

        Assert.Equal("no_user_text", refused.Code);
        Assert.DoesNotContain("request messages", refused.Message, StringComparison.Ordinal);
    }

    private void Agent(string agent, string turn) => Directory.CreateDirectory(Path.Combine(_profile.Root, "agents", agent, "turns", turn));

    private async Task<AgentId> FindKnownAsync(string given)
    {
        using var daemon = new DaemonClient(
            new LedgerAnswers(_ledger!, _profile.Root, TimeProvider.System),
            "/nowhere",
            TimeProvider.System
        );
        return await AgentIds.FindKnownAsync(daemon, _profile.Root, given, CancellationToken.None);
    }
}
