using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class CreationSpecs : ActorSpecs
{
    [Fact]
    public async Task C1_ActorOf_returns_at_once_and_what_is_told_before_the_start_is_handled_after_it()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Start(a =>
        {
            a.Starting = () =>
            {
                gate.Wait(Patience);
                Note("started");
            };
            a.On<string>(Note);
        });

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);
        gate.Set();

        await ExpectNotes("started", "one", "two");
    }

    [Fact]
    public async Task C2_the_path_of_a_child_is_its_parents_path_and_its_name()
    {
        var parent = Start(a =>
        {
            var child = a.Ctx.ActorOf(Scripted.Of(_ => { }), "child");
            a.On<string>(_ => a.From.Tell(child));
        }, "parent");

        var child = await parent.Ask<IActorRef>("child?", Patience);

        Assert.Equal("child", child.Path.Name);
        Assert.Equal(parent.Path, child.Path.Parent);
        Assert.Equal($"akka://{Sys.Name}/user/parent/child", child.Path.ToString());
    }

    [Fact]
    public void C3_an_actor_without_a_name_gets_one_of_its_own_that_begins_with_a_dollar_sign()
    {
        var one = Start(_ => { });
        var two = Start(_ => { });

        Assert.StartsWith("$", one.Path.Name, StringComparison.Ordinal);
        Assert.StartsWith("$", two.Path.Name, StringComparison.Ordinal);
        Assert.NotEqual(one.Path.Name, two.Path.Name);
    }

    [Fact]
    public async Task C4_a_name_is_taken_until_its_actor_has_stopped()
    {
        var parent = Start(a =>
        {
            var child = a.Ctx.ActorOf(Scripted.Of(_ => { }), "child");
            a.On<string>(_ =>
            {
                a.Ctx.Stop(child);
                Note(Record.Exception(() => a.Ctx.ActorOf(Scripted.Of(_ => { }), "child")));
            });
        });

        parent.Tell("go", TestActor);

        Assert.Contains("child", (await ExpectMsgAsync<InvalidActorNameException>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C5_a_successor_of_the_same_name_is_another_actor_and_the_old_reference_stays_dead()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var old = Start(a => a.On<string>(Note), "again");
        await StopAndWait(old);

        var successor = Start(a => a.On<string>(Note), "again");
        old.Tell("to the old one", TestActor);
        successor.Tell("to the new one", TestActor);

        Assert.NotEqual(old, successor);
        Assert.Equal(old.Path, successor.Path);
        Assert.Equal("to the old one", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
        await ExpectNotes("to the new one");
    }

    [Fact]
    public async Task C6_a_parent_finds_its_children_by_name_and_nobody_under_an_unknown_one()
    {
        var parent = Start(a =>
        {
            a.Ctx.ActorOf(Scripted.Of(_ => { }), "one");
            var two = a.Ctx.ActorOf(Scripted.Of(_ => { }), "two");
            a.Ctx.Watch(two);
            a.On<Terminated>(_ => Note(string.Join(' ', a.Ctx.GetChildren().Select(c => c.Path.Name))));
            a.On<string>(name =>
            {
                Note(a.Ctx.Child(name).Equals(ActorRefs.Nobody) ? "nobody" : a.Ctx.Child(name).Path.Name);
                if (name == "three")
                {
                    a.Ctx.Stop(two);
                }
            });
        });

        parent.Tell("two", TestActor);
        parent.Tell("three", TestActor);

        await ExpectNotes("two", "nobody", "one");
    }

    [Fact]
    public async Task C7_Props_evaluates_its_arguments_once_and_every_actor_gets_an_instance_of_its_own()
    {
        var made = 0;
        var props = Props.Create(() => new Numbered(Interlocked.Increment(ref made), TestActor));

        Sys.ActorOf(props).Tell("number", TestActor);
        Sys.ActorOf(props).Tell("number", TestActor);

        var answers = await Take<(int Number, Numbered Instance)>(2);
        Assert.All(answers, answer => Assert.Equal(1, answer.Number));
        Assert.NotSame(answers[0].Instance, answers[1].Instance);
    }

    [Fact]
    public async Task C8_Props_takes_an_expression_or_a_type_with_its_arguments()
    {
        var type = typeof(Numbered);
        Sys.ActorOf(Props.Create(() => new Numbered(1, TestActor))).Tell("number", TestActor);
        Sys.ActorOf(Props.Create<Numbered>(2, TestActor)).Tell("number", TestActor);
        Sys.ActorOf(Props.Create(type, 3, TestActor)).Tell("number", TestActor);

        var answers = await Take<(int Number, Numbered)>(3);
        Assert.Equal([1, 2, 3], answers.Select(answer => answer.Number).Order());
    }

    [Fact]
    public async Task C9_an_actor_made_with_new_outside_ActorOf_is_refused() =>
        Assert.IsType<ActorInitializationException>(
            await OutsideAllActors(() => Record.Exception(() => new Numbered(1, ActorRefs.Nobody))));

    [Fact]
    public async Task C10_a_stopping_actor_can_make_no_children()
    {
        var actor = Start(a => a.Stopping = () =>
            Note(Record.Exception(() => a.Ctx.ActorOf(Scripted.Of(_ => { }), "late"))));

        Sys.Stop(actor);

        await ExpectMsgAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task C11_references_to_one_actor_are_equal()
    {
        var actor = Start(a => a.On<string>(_ => a.From.Tell(a.Me)), "same");

        var self = await actor.Ask<IActorRef>("who?", Patience);

        Assert.Equal(actor, self);
        Assert.Equal(actor.GetHashCode(), self.GetHashCode());
        Assert.Equal(0, actor.CompareTo(self));
    }

    [Fact]
    public async Task C12_the_context_knows_the_actor_itself_its_parent_and_its_system()
    {
        var parent = Start(p => p.Ctx.ActorOf(Scripted.Of(c =>
        {
            Note(c.Me);
            Note(c.Ctx.Parent);
            Note(c.Ctx.System);
        }), "child"), "parent");

        Assert.Equal("child", (await ExpectMsgAsync<IActorRef>()).Path.Name);
        Assert.Equal(parent, await ExpectMsgAsync<IActorRef>());
        Assert.Same(Sys, await ExpectMsgAsync<ActorSystem>());
    }

    [Fact]
    public async Task C13_an_actor_answers_Identify_itself_and_for_one_that_has_stopped_the_answer_has_no_subject()
    {
        var actor = Start(_ => { });

        actor.Tell(new Identify(1), TestActor);
        var living = await ExpectMsgAsync<ActorIdentity>();
        await StopAndWait(actor);
        actor.Tell(new Identify(2), TestActor);
        var stopped = await ExpectMsgAsync<ActorIdentity>();

        Assert.Equal((1, actor), (living.MessageId, living.Subject));
        Assert.Equal((2, null), (stopped.MessageId, stopped.Subject));
    }

    [Fact]
    public async Task C14_a_producer_makes_every_incarnation_and_gets_it_back()
    {
        var producer = new Producer(TestActor);
        var actor = Start(parent =>
        {
            parent.Strategy = Always(Directive.Restart);
            var made = parent.Ctx.ActorOf(Props.CreateBy(producer), "made");
            parent.OnAny(message => made.Forward(message));
        });

        actor.Tell(new InvalidOperationException("restart"), TestActor);
        await ExpectNotes("produced", "released", "produced");
        Sys.Stop(actor);

        await ExpectNotes("released");
    }

    [Fact]
    public async Task C15_top_level_actors_are_made_from_any_thread_and_a_name_is_given_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 500).Count(n =>
            {
                var failure = Record.Exception(() => Start(_ => { }, $"number-{n}"));
                Assert.True(failure is null or InvalidActorNameException, $"It was {failure}.");
                return failure is null;
            }))));

        Assert.Equal(500, made.Sum());
    }

    private sealed class Producer(IActorRef report) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Scripted);

        public ActorBase Produce()
        {
            report.Tell("produced", ActorRefs.NoSender);
            return new Scripted(a => a.ThrowsWhatItGets());
        }

        public void Release(ActorBase actor) => report.Tell("released", ActorRefs.NoSender);
    }

    private sealed class Numbered : ReceiveActor
    {
        public Numbered(int number, IActorRef report) => Receive<string>(_ => report.Tell((number, this)));
    }
}
