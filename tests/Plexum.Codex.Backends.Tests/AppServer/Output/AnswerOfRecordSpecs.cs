using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>Answers that only codex's own record has in full, because the server died while readers were told of them.</summary>
public sealed class AnswerOfRecordSpecs
{
    private const string Answer = "All is done.";

    [Fact]
    public void Readers_get_the_rest_of_an_answer_of_which_they_have_the_beginning()
    {
        var rig = Written("All is");

        var end = End(rig);

        Assert.Equal((" done.", "msg_1"), (end.Answer, end.AnswerItem));
        Assert.Equal(NoticeCodes.AnswerRecovered, Assert.Single(end.Notices).Code);
    }

    [Fact]
    public void Readers_get_the_rest_of_an_answer_of_which_an_earlier_daemon_told_the_beginning()
    {
        var rig = Logged(new CanonicalEvent.TextDelta("All ") { Item = "msg_1" });

        var end = End(rig);

        Assert.Equal(("is done.", "msg_1"), (end.Answer, end.AnswerItem));
    }

    [Fact]
    public void Readers_who_have_the_whole_answer_get_nothing_more()
    {
        var rig = Logged(new CanonicalEvent.TextDelta(Answer) { Item = "msg_1" });

        var end = End(rig);

        Assert.Equal((null, "msg_1"), (end.Answer, end.AnswerItem));
        Assert.IsType<BackendResult.Completed>(end.Result);
        Assert.Empty(end.Notices);
    }

    [Fact]
    public void White_space_at_its_end_is_no_other_answer()
    {
        var end = End(Logged(new CanonicalEvent.TextDelta(Answer + "\n") { Item = "msg_1" }));

        Assert.Equal((null, "msg_1"), (end.Answer, end.AnswerItem));
    }

    [Fact]
    public void An_answer_after_a_message_that_ended_since_is_a_message_of_its_own()
    {
        var rig = Logged(new CanonicalEvent.TextDelta("All") { Item = "msg_1" });
        rig.Say("item/completed", """{"item":{"id":"msg_1","type":"agentMessage","text":"All right."}}""");

        var end = End(rig, messages: 2);

        Assert.Equal((Answer, null), (end.Answer, end.AnswerItem));
    }

    [Fact]
    public void An_answer_after_a_message_and_work_is_a_message_of_its_own()
    {
        var rig = Logged(
            new CanonicalEvent.TextDelta("All") { Item = "msg_1" },
            new CanonicalEvent.Activity("""{"id":"call_1","type":"commandExecution"}"""u8.ToArray(), ActivityPhase.Completed)
        );

        var end = End(rig);

        Assert.Equal((Answer, null), (end.Answer, end.AnswerItem));
    }

    [Fact]
    public void An_answer_that_does_not_begin_as_readers_have_it_is_told_whole()
    {
        var end = End(Written("Not that"));

        Assert.Equal((Answer, null), (end.Answer, end.AnswerItem));
    }

    private static ServerRig Written(string beginning)
    {
        var rig = new ServerRig();
        rig.Say("item/started", """{"item":{"id":"msg_1","type":"agentMessage","text":""}}""");
        rig.Say("item/agentMessage/delta", $$"""{"itemId":"msg_1","delta":"{{beginning}}"}""");
        return rig;
    }

    private static ServerRig Logged(params IEnumerable<CanonicalEvent> events)
    {
        var logged = new LoggedTurn();
        foreach (var told in events)
        {
            logged.Count(told);
        }

        return new ServerRig(logged);
    }

    private static BackendEnd End(ServerRig rig, int messages = 1)
    {
        var recorded = new RecordedMessages(messages, Answer, true, IsWhole: true) { End = new RecordedEnd(Answer) };
        return rig.End(lost: "it was killed", findings: new RolloutFindings { Messages = recorded });
    }
}
