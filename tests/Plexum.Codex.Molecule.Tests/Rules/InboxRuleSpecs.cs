using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>The rules of the inbox that need no actor: threads, ids, waits, the guard.</summary>
public sealed partial class InboxRuleSpecs
{
    private const string Own = "11111111-1111-1111-1111-111111111111";
    private const string Peer = "22222222-2222-2222-2222-222222222222";

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly InboxSettings Settings = new();

    [Fact]
    public void A_canvas_message_belongs_to_the_thread_of_the_workspace_at_which_it_arrived()
    {
        Assert.Equal("canvas-" + Own, ThreadOf(new InboundMessage("a", "canvas_user", "", "x")));
        Assert.Equal("canvas-w2", ThreadOf(new InboundMessage("a", "canvas_user", "", "x", ArrivalWorkspaceId: "w2")));
    }

    [Fact]
    public void A_peer_has_a_thread_of_its_own_with_each_workspace()
    {
        var thread = ThreadOf(new InboundMessage("a", "peer_agent", Peer, "x"))!;

        Assert.StartsWith($"peer-{Peer}-", thread, StringComparison.Ordinal);
        Assert.NotEqual(thread, ThreadOf(new InboundMessage("a", "peer_agent", Peer, "x", ArrivalWorkspaceId: "w2")));
    }

    [Fact]
    public void Names_of_threads_obey_the_rule_of_agents_and_never_collide()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNull<string>, NonNull<string>)>(), pair =>
            {
                string[] workspaces = [.. new[] { pair.Item1.Get, pair.Item2.Get, pair.Item1.Get + "x" }.Distinct()];
                var names = workspaces
                    .Select(InboxDispatch.CanvasConversation)
                    .Concat(workspaces.SelectMany(_ => workspaces, InboxDispatch.PeerConversation))
                    .ToList();
                Assert.Equal(names.Count, names.Distinct().Count());
            })
            .QuickCheckThrowOnFailure();
        Assert.True(AgentId.TryParse(InboxDispatch.PeerConversation(new string('x', 300), Own).Value, out _));
    }

    [Theory]
    [InlineData("peer_agent", "")]
    [InlineData("peer_agent", "  ")]
    [InlineData("peer_agent", Own)]
    [InlineData("delegation_result", Peer)]
    [InlineData("something_new", Peer)]
    [InlineData("", "")]
    public void What_cannot_or_must_not_be_answered_is_drained_with_a_reason(string kind, string peer)
    {
        var arrival = InboxDispatch.Of(new InboundMessage("a", kind, peer, "x"), Own, out var reason);

        Assert.Null(arrival.Chat);
        Assert.NotNull(reason);
    }

    [Fact]
    public void The_reply_s_id_is_a_uuid_that_is_the_same_for_the_same_message()
    {
        Assert.Equal(ReplyId.Of("a"), ReplyId.Of("a"));
        Assert.NotEqual(ReplyId.Of("a"), ReplyId.Of("b"));
        Assert.Matches(Version8(), ReplyId.Of("a"));
    }

    [Fact]
    public void Waits_double_from_one_second_to_a_minute_and_never_come_early()
    {
        var waits = Enumerable.Range(1, 9).Select(failures => BackOff.Of(Settings, failures, 0).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        Assert.Equal(75, BackOff.Of(Settings, 100_000, 1).TotalSeconds);
        Assert.Equal(300, BackOff.Of(Settings, 1, 0, TimeSpan.FromMinutes(5)).TotalSeconds);
        Assert.Equal(4, BackOff.Of(Settings, 3, 0, TimeSpan.FromSeconds(1)).TotalSeconds);
        Assert.Equal(TimeSpan.FromHours(1), BackOff.Of(Settings, 1, 0, TimeSpan.MaxValue));
    }

    [Fact]
    public void A_peer_that_answers_every_answer_is_stopped_and_begins_anew_after_a_pause_or_a_word_of_the_user()
    {
        // A message every ten seconds, each five seconds after the answer to the one before it.
        var settings = Settings with { PeerExchanges = 5, PeerReplies = 1000 };
        var answered = Enumerable
            .Range(1, 20)
            .Select(i => new InboxExchange(Noon.AddSeconds(-10 * i), Noon.AddSeconds((-10 * i) + 5)))
            .ToImmutableArray();

        Assert.IsType<GuardVerdict.Stop>(PeerGuard.Judge(Noon, Noon, new InboxHistory(answered, null), settings));
        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(Noon, Noon, new InboxHistory(answered[..5], null), settings));
        Assert.IsType<GuardVerdict.Stop>(PeerGuard.Judge(Noon, Noon, new InboxHistory(answered[..6], null), settings));
        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(Noon, Noon, new InboxHistory(answered, Noon.AddSeconds(-31)), settings));
        var later = Noon.Add(settings.PeerPause);
        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(later, later, new InboxHistory(answered, null), settings));
    }

    [Fact]
    public void Messages_that_a_peer_sends_at_once_are_no_exchanges()
    {
        var settings = Settings with { PeerExchanges = 2, PeerReplies = 1000 };
        var answered = Enumerable.Range(1, 20).Select(i => new InboxExchange(Noon, Noon.AddSeconds(60 - i))).ToImmutableArray();

        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(Noon, Noon.AddSeconds(60), new InboxHistory(answered, null), settings));
    }

    [Fact]
    public void A_peer_with_many_answers_in_a_short_time_waits_until_the_oldest_of_them_is_old_enough()
    {
        var settings = Settings with { PeerReplies = 3, PeerExchanges = 1000 };
        var answered = Enumerable.Range(1, 5).Select(i => new InboxExchange(Noon.AddMinutes(-i), Noon.AddMinutes(-i))).ToImmutableArray();

        Assert.Equal(
            new GuardVerdict.Wait(TimeSpan.FromMinutes(7)),
            PeerGuard.Judge(Noon, Noon, new InboxHistory(answered, null), settings)
        );
        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(Noon, Noon.AddMinutes(8), new InboxHistory(answered, null), settings));
    }

    [Fact]
    public void Answers_in_the_future_of_a_clock_that_was_set_back_are_not_waited_for()
    {
        var answered = Enumerable.Range(1, 50).Select(i => new InboxExchange(Noon.AddYears(1), Noon.AddYears(1))).ToImmutableArray();

        Assert.IsType<GuardVerdict.Pass>(PeerGuard.Judge(Noon, Noon, new InboxHistory(answered, null), Settings));
    }

    private static string? ThreadOf(InboundMessage message) => InboxDispatch.Of(message, Own, out _).Chat?.Conversation.Value;

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Version8();
}
