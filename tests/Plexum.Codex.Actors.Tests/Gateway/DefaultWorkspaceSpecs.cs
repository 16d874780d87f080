using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>Where a turn works whose submitter names no workspace, from the gateway to codex.</summary>
public sealed class DefaultWorkspaceSpecs : AgentTestKit
{
    public DefaultWorkspaceSpecs() => Ledger = SqliteLedger.OpenAsync(Stage.File("ledger.db"), TimeProvider.System, _ => { }).Result;

    private TurnGateway Gateway =>
        field ??= new TurnGateway(
            new GatewayServices(Registry, ProfileRoot, Ledger, Services.Logs, Notifier, Time) { Workspaces = Services.Workspaces }
        );

    /// <summary>The last parts of the directories that codex worked in.</summary>
    private IReadOnlyList<string> Places => [.. Stage.Calls.Select(call => Path.GetFileName(call.Cwd))];

    private string? Recorded => new AgentWorkspace(DirectoryOf(Alice)).Recorded;

    [Fact]
    public async Task It_is_that_of_the_turn_that_was_submitted_just_before()
    {
        await RunAsync("one");
        var moved = Gateway.SubmitAsync(Turn("hi", "other"));
        var next = Gateway.SubmitAsync(Turn("hi", null));

        await FinishAsync(Accepted(await moved.WithinLimit()).TurnId);
        var events = await FinishAsync(Accepted(await next.WithinLimit()).TurnId);

        Assert.Equal(["one", "other", "other"], Places);
        Assert.Equal(Stage.File("other"), Recorded);
        Assert.DoesNotContain(events, told => told is CanonicalEvent.Notice { Code: NoticeCodes.WorkspaceChanged });
    }

    [Fact]
    public async Task A_request_with_its_key_is_the_same_wherever_the_agent_works_meanwhile()
    {
        await RunAsync("one");
        var first = Accepted(await Gateway.SubmitAsync(Turn("hi", null, "key")).WithinLimit());
        await FinishAsync(first.TurnId);
        await RunAsync("other");

        var again = Accepted(await Gateway.SubmitAsync(Turn("hi", null, "key")).WithinLimit());
        var different = await Gateway.SubmitAsync(Turn("something else", null, "key")).WithinLimit();

        Assert.Equal((first.TurnId, false), (again.TurnId, again.IsNew));
        Assert.Equal(TurnRefusalReason.IdempotencyKeyReused, Assert.IsType<Submission.Refused>(different).Refusal.Reason);
        Assert.Equal(Stage.File("other"), Recorded);
    }

    [Fact]
    public async Task Somebody_who_may_not_name_the_workspace_on_record_gets_the_agents_own_and_learns_and_changes_nothing()
    {
        await RunAsync("owners");

        var events = await RunAsync(null, Submitter.Guest);

        Assert.Equal(["owners", "workspace"], Places);
        Assert.Equal(Stage.File("owners"), Recorded);
        Assert.DoesNotContain(events.OfType<CanonicalEvent.Notice>(), told =>
            told.Message.Contains(Stage.File("owners"), StringComparison.Ordinal)
        );
        var owners = await RunAsync(null);
        Assert.Equal("owners", Places[^1]);
        Assert.DoesNotContain(owners, told => told is CanonicalEvent.Notice { Code: NoticeCodes.WorkspaceChanged });
    }

    [Fact]
    public async Task Somebody_who_may_not_name_a_place_does_not_learn_of_it()
    {
        Settings = Settings with { Workspaces = new WorkspaceSettings { Roots = [Stage.File("open")] } };
        var (alices, bobs) = (new AgentWorkspace(DirectoryOf(Alice)), new AgentWorkspace(DirectoryOf(Bob)));
        alices.Keep(Stage.File("hidden"));
        alices.KeepEntered(Stage.File("hidden"));
        bobs.Keep(Path.GetDirectoryName(Stage.File("open"))!);

        var told = (await RunAsync("open", Submitter.Guest)).OfType<CanonicalEvent.Notice>().ToList();

        Assert.Contains("elsewhere", told.Single(notice => notice.Code == NoticeCodes.WorkspaceChanged).Message, StringComparison.Ordinal);
        Assert.Contains("above", told.Single(notice => notice.Code == NoticeCodes.WorkspaceShared).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_does_not_tell_somebody_of_a_place_that_he_may_not_name()
    {
        Settings = Settings with
        {
            Workspaces = new WorkspaceSettings { Roots = [Stage.File("open")], Shared = SharedWorkspaces.Refuse },
        };
        new AgentWorkspace(DirectoryOf(Bob)).Keep(Path.GetDirectoryName(Stage.File("open"))!);

        var answer = await Gateway.SubmitAsync(Turn("hi", "open", null, Submitter.Guest)).WithinLimit();

        var refusal = Assert.IsType<Submission.Refused>(answer).Refusal;
        Assert.Equal(TurnRefusalReason.WorkspaceOfAnotherAgent, refusal.Reason);
        Assert.Contains("agent bob works there", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_without_a_record_works_where_the_ledger_last_saw_it()
    {
        var earlier = new TurnRequest(Alice, Stage.File("old"), null, [TurnMessage.User("hi")]);
        await Ledger.AcceptAsync(NewTurn(), earlier, null, TimeProvider.System.GetUtcNow());

        await RunAsync(null);
        var moved = await RunAsync("other");

        Assert.Equal(["old", "other"], Places);
        var told = moved.OfType<CanonicalEvent.Notice>().Single(notice => notice.Code == NoticeCodes.WorkspaceChanged);
        Assert.Contains(Stage.File("old"), told.Message, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
    }

    private static Submission.Accepted Accepted(Submission answer) => Assert.IsType<Submission.Accepted>(answer);

    private TurnSubmission Turn(string prompt, string? place, string? key = null, Submitter submitter = Submitter.Owner) =>
        new(new TurnRequest(Alice, place is null ? null : Stage.File(place), null, [TurnMessage.User(prompt)]), submitter, key);

    private async Task<ImmutableArray<CanonicalEvent>> RunAsync(string? place, Submitter submitter = Submitter.Owner) =>
        await FinishAsync(Accepted(await Gateway.SubmitAsync(Turn("hi", place, null, submitter)).WithinLimit()).TurnId);

    private async Task<ImmutableArray<CanonicalEvent>> FinishAsync(TurnId turn)
    {
        Assert.Equal(StopReason.EndTurn, (await Gateway.FinishAsync(turn).WithinLimit())!.StopReason);
        return TurnStory.Read(TurnDirectory.Of(DirectoryOf(Alice), turn).EventsFile);
    }
}
