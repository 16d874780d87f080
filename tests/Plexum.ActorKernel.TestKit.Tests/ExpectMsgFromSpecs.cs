using Akka.Actor;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class ExpectMsgFromSpecs : TestKit
{
    private readonly IActorRef _friend;
    private readonly IActorRef _stranger;

    public ExpectMsgFromSpecs()
    {
        _friend = CreateTestProbe("friend").Ref;
        _stranger = CreateTestProbe("stranger").Ref;
    }

    [Fact]
    public void ExpectMsgFrom_should_check_the_sender()
    {
        TestActor.Tell("hi", _friend);
        TestActor.Tell("hi", _stranger);

        Assert.Equal("hi", ExpectMsgFrom<string>(_friend));
        Of(() => ExpectMsgFrom<string>(_friend), "Sender does not match", "friend", "stranger");
    }

    [Fact]
    public void ExpectMsgFrom_should_check_the_sender_and_a_given_message()
    {
        TestActor.Tell("hi", _friend);
        TestActor.Tell("ho", _friend);
        TestActor.Tell("hi", _stranger);

        ExpectMsgFrom(_friend, "hi");
        Of(() => ExpectMsgFrom(_friend, "hi"), "hi", "ho");
        Of(() => ExpectMsgFrom(_friend, "hi"), "Sender does not match");
    }

    [Fact]
    public void ExpectMsgFrom_should_ask_a_predicate()
    {
        TestActor.Tell("hi", _friend);
        TestActor.Tell("ho", _friend);
        TestActor.Tell("hi", _stranger);

        ExpectMsgFrom<string>(_friend, m => m == "hi");
        Of(() => ExpectMsgFrom<string>(_friend, m => m == "hi"), "{ho}");
        Of(() => ExpectMsgFrom<string>(_friend, m => m == "hi"), "Sender does not match", "stranger");
    }

    [Fact]
    public void ExpectMsgFrom_should_let_assertions_speak_for_themselves()
    {
        TestActor.Tell("hi", _friend);
        TestActor.Tell("hi", _friend);
        TestActor.Tell("hi", _stranger);

        ExpectMsgFrom<string>(_friend, m => Assert.Equal("hi", m));
        ExpectMsgFrom<string>((IActorRef sender) => Assert.Equal(_friend, sender), m => Assert.Equal("hi", m));
        Of(() => ExpectMsgFrom<string>((IActorRef sender) => Assert.Equal("friend", sender.Path.Name), m => Assert.Equal("hi", m)), "friend", "stranger");
    }

    [Fact]
    public async Task ExpectMsgFromAsync_should_do_the_same_as_ExpectMsgFrom()
    {
        for (var i = 0; i < 5; i++)
        {
            TestActor.Tell("hi", _friend);
        }

        TestActor.Tell("hi", _stranger);

        await ExpectMsgFromAsync<string>(_friend);
        await ExpectMsgFromAsync(_friend, "hi");
        await ExpectMsgFromAsync<string>(_friend, m => m == "hi");
        await ExpectMsgFromAsync<string>(_friend, m => Assert.Equal("hi", m));
        await ExpectMsgFromAsync<string>((IActorRef sender) => Assert.Equal(_friend, sender), m => Assert.Equal("hi", m));
        await Of(async () => await ExpectMsgFromAsync<string>(_friend), "Sender does not match", "stranger");
    }
}
