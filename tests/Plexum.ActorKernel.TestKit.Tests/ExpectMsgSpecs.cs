using Akka.Actor;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class ExpectMsgSpecs : TestKit
{
    private sealed record Note(string Text);

    [Fact]
    public void ExpectMsg_should_return_the_next_message_of_the_type()
    {
        TestActor.Tell("first");
        TestActor.Tell("second");

        Assert.Equal("first", ExpectMsg<string>());
        Assert.Equal("second", ExpectMsg<string>());
    }

    [Fact]
    public void ExpectMsg_should_accept_a_message_of_a_derived_type()
    {
        TestActor.Tell(new ArgumentNullException("x"));

        Assert.Equal("x", ExpectMsg<ArgumentException>().ParamName);
    }

    [Fact]
    public void ExpectMsg_should_say_how_long_it_waited_for_what_when_nothing_comes() =>
        Of(() => ExpectMsg<string>(Soon, "the greeting"), "Timeout 00:00:00.04", "System.String", "the greeting");

    [Fact]
    public void ExpectMsg_should_say_what_came_from_whom_instead_of_what()
    {
        TestActor.Tell(new Note("hello"), TestActor);

        Of(() => ExpectMsg<int>(hint: "a number"), "Expected a message of type System.Int32", "hello", nameof(Note), "a number", TestActor.ToString()!);
    }

    [Fact]
    public void ExpectMsg_should_compare_with_a_given_message()
    {
        TestActor.Tell(new Note("a"));
        TestActor.Tell(new Note("b"));

        ExpectMsg(new Note("a"));
        Of(() => ExpectMsg(new Note("a")), "Expected", "Actual", "a", "b");
    }

    [Fact]
    public void ExpectMsg_should_compare_sequences_element_by_element()
    {
        TestActor.Tell(new List<int> { 1, 2 });
        TestActor.Tell(new[] { 1, 2, 3 });

        ExpectMsg<IEnumerable<int>>(new[] { 1, 2 });
        Of(() => ExpectMsg(new[] { 1, 2 }));
    }

    [Fact]
    public void ExpectMsg_should_compare_with_a_given_comparer()
    {
        TestActor.Tell("ABC");
        TestActor.Tell("ABC");

        ExpectMsg("abc", (a, b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase));
        Of(() => ExpectMsg("abc", (a, b) => a == b));
    }

    [Fact]
    public void ExpectMsg_should_ask_a_predicate()
    {
        TestActor.Tell("right");
        TestActor.Tell("wrong");

        Assert.Equal("right", ExpectMsg<string>(m => m == "right"));
        Of(() => ExpectMsg<string>(m => m == "right", hint: "something right"), "something right", "{wrong}", "System.String");
    }

    [Fact]
    public void ExpectMsg_should_ask_a_predicate_about_message_and_sender()
    {
        var probe = CreateTestProbe();
        TestActor.Tell(1, probe.Ref);
        TestActor.Tell(1, TestActor);

        ExpectMsg<int>((m, sender) => m == 1 && sender.Equals(probe.Ref));
        Of(() => ExpectMsg<int>((m, sender) => m == 1 && sender.Equals(probe.Ref)), "the predicate to return true", TestActor.ToString()!);
    }

    [Fact]
    public void ExpectMsg_should_let_an_assertion_speak_for_itself()
    {
        TestActor.Tell("one");
        TestActor.Tell("two", TestActor);
        TestActor.Tell("three");

        ExpectMsg<string>(m => Assert.Equal("one", m));
        ExpectMsg<string>((m, sender) =>
        {
            Assert.Equal("two", m);
            Assert.Equal(TestActor, sender);
        });
        Of(() => ExpectMsg<string>(m => Assert.Equal("four", m)), "three", "four");
    }

    [Fact]
    public async Task ExpectMsgAsync_should_do_the_same_as_ExpectMsg()
    {
        foreach (var message in new object[] { "type", "equal", "predicate", "both", "assertion", "assertions", "COMPARER" })
        {
            TestActor.Tell(message, TestActor);
        }

        Assert.Equal("type", await ExpectMsgAsync<string>());
        Assert.Equal("equal", await ExpectMsgAsync("equal"));
        Assert.Equal("predicate", await ExpectMsgAsync<string>(m => m.StartsWith('p')));
        Assert.Equal("both", await ExpectMsgAsync<string>((m, sender) => m == "both" && sender.Equals(TestActor)));
        Assert.Equal("assertion", await ExpectMsgAsync<string>(m => Assert.NotEmpty(m)));
        Assert.Equal("assertions", await ExpectMsgAsync<string>((m, sender) => Assert.Equal(TestActor, sender)));
        Assert.Equal("COMPARER", await ExpectMsgAsync("comparer", (a, b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task ExpectMsgAsync_should_fail_as_ExpectMsg_does()
    {
        foreach (var message in new object[] { "type", "equal", "predicate", "assertion" })
        {
            TestActor.Tell(message);
        }

        await Of(async () => await ExpectMsgAsync<int>(), "Expected a message of type System.Int32", "{type}");
        await Of(async () => await ExpectMsgAsync("other"), "Expected", "other", "equal");
        await Of(async () => await ExpectMsgAsync<string>(m => m == "other", hint: "the other"), "the other", "{predicate}");
        await Of(async () => await ExpectMsgAsync<string>(m => Assert.Equal("other", m)), "other", "assertion");
        await Of(async () => await ExpectMsgAsync<string>(Soon), "Timeout 00:00:00.04", "System.String");
    }

    [Fact]
    public async Task ExpectMsgAsync_should_get_a_message_that_comes_while_it_waits()
    {
        var coming = ExpectMsgAsync<string>(TimeSpan.FromSeconds(30)).AsTask();
        Assert.False(coming.IsCompleted);

        TestActor.Tell("at last");

        Assert.Equal("at last", await coming);
    }

    [Fact]
    public async Task ExpectMsg_should_get_a_message_that_comes_while_it_waits()
    {
        var self = TestActor;
        var started = new TaskCompletionSource();
        var waiting = Task.Run(() =>
        {
            started.SetResult();
            return ExpectMsg<string>(TimeSpan.FromSeconds(30));
        });
        await started.Task;

        self.Tell("at last");

        Assert.Equal("at last", await waiting);
    }
}
