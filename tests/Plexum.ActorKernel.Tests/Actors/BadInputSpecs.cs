using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class BadInputSpecs : ActorSpecs
{
    [Fact]
    public async Task N1_a_null_message_is_refused_where_it_is_told()
    {
        var actor = Start(a => a.OnAny(Note));
        actor.Tell("started", TestActor);
        await ExpectNotes("started");

        Says("null", Assert.Throws<InvalidMessageException>(() => Sys.DeadLetters.Tell(null!, TestActor)));
        RefusesNull(Record.Exception(() => actor.Tell(null!, TestActor)));
        RefusesNull(await Record.ExceptionAsync(() => actor.Ask<string>((object)null!, Patience)));

        actor.Tell("the actor is none the worse for it", TestActor);
        await ExpectNotes("the actor is none the worse for it");

        static void RefusesNull(Exception? failure)
        {
            Assert.True(failure is InvalidMessageException or ArgumentNullException, $"It was {failure}.");
            Says("null", failure);
        }
    }

    [Fact]
    public void N2_a_name_that_is_taken_is_refused_with_an_InvalidActorNameException_that_names_it()
    {
        Start(_ => { }, "taken");

        Says("taken", Assert.Throws<InvalidActorNameException>(() => Start(_ => { }, "taken")));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("with space")]
    [InlineData("$reserved")]
    [InlineData("ünicode")]
    [InlineData("50%")]
    public void N3_a_name_that_no_path_can_hold_is_refused_with_an_InvalidActorNameException_that_names_it(string name) =>
        Says(name, Assert.Throws<InvalidActorNameException>(() => Start(_ => { }, name)));

    [Fact]
    public void N4_an_empty_name_is_refused() =>
        Says("empty", Assert.Throws<InvalidActorNameException>(() => Start(_ => { }, string.Empty)));

    [Theory]
    [InlineData("plain-name_1")]
    [InlineData("with%20escape")]
    [InlineData("a.b:c@d&e=f,g!h~i'j;k(l)*+$\"")]
    public void N5_letters_digits_escapes_and_the_signs_of_a_path_element_are_welcome(string name) =>
        Assert.Equal(name, Start(_ => { }, name).Path.Name);

    [Fact]
    public async Task N6_arguments_that_fit_no_constructor_fail_the_start_and_the_failure_names_the_type_and_the_arguments()
    {
        Start(p =>
        {
            p.Strategy = new OneForOneStrategy(e =>
            {
                Note(e);
                return Directive.Stop;
            });
            p.Ctx.ActorOf(Props.Create<Picky>("not a number", 2), "picky");
        });

        var failure = await ExpectMsgAsync<ActorInitializationException>();

        Assert.Equal("picky", failure.Actor?.Path.Name);
        Assert.NotNull(failure.InnerException);
        Says(nameof(Picky), failure.InnerException);
        Says("not a number", failure.InnerException);
    }

    [Fact]
    public void N7_Props_of_a_type_that_is_no_actor_is_refused_with_an_ArgumentException_that_names_it()
    {
        var type = typeof(Uri);

        Says("System.Uri", Assert.Throws<ArgumentException>(() => Props.Create(type)));
        Assert.Throws<ArgumentNullException>("type", () => Props.Create(null!, 1));
    }

    [Fact]
    public void N8_Props_takes_no_expression_but_a_constructor_call()
    {
        var failure = Record.Exception(() => Props.Create(() => MakePicky()));

        Assert.True(failure is ArgumentException or InvalidCastException, $"It was {failure}.");
        Says("new", failure);
    }

    [Fact]
    public async Task N9_Watch_Unwatch_and_WatchWith_refuse_null_and_name_the_argument()
    {
        Start(a =>
        {
            Note(Record.Exception(() => a.Ctx.Watch(null!)));
            Note(Record.Exception(() => a.Ctx.Unwatch(null!)));
            Note(Record.Exception(() => a.Ctx.WatchWith(null!, "message")));
            Note(Record.Exception(() => a.Ctx.WatchWith(a.Ctx.Parent, null!)));
        });

        var failures = await Take<ArgumentNullException>(4);
        Assert.Equal(["subject", "subject", "subject", "message"], failures.Select(e => e.ParamName));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("-leading")]
    [InlineData("under_score")]
    [InlineData("")]
    public void N10_a_system_name_that_no_address_can_hold_is_refused_with_an_ArgumentException_that_names_it(string invalid) =>
        Says($"[{invalid}]", Assert.Throws<ArgumentException>("name", () => ActorSystem.Create(invalid)));

    [Fact]
    public async Task N11_a_handler_for_Terminated_that_is_missing_names_the_actor_in_the_DeathPactException()
    {
        var subject = Start(_ => { }, "the-one-who-died");
        StartFamily(
            new OneForOneStrategy(e =>
            {
                Note(e);
                return Directive.Stop;
            }),
            child => child.Ctx.Watch(subject));

        Sys.Stop(subject);

        Says("the-one-who-died", await ExpectMsgAsync<DeathPactException>());
    }

    [Fact]
    public async Task N12_a_constructor_that_is_not_public_fails_the_start_and_the_failure_names_the_type()
    {
        Start(p =>
        {
            p.Strategy = new OneForOneStrategy(e =>
            {
                Note(e);
                return Directive.Stop;
            });
            p.Ctx.ActorOf(Props.Create(() => new Secretive(1)));
        });

        var failure = await ExpectMsgAsync<ActorInitializationException>();

        Says(nameof(Secretive), failure.InnerException!);
    }

    private static void Says(string expected, Exception failure) =>
        Assert.Contains(expected, failure.Message, StringComparison.OrdinalIgnoreCase);

    private static Picky MakePicky() => new(1);

    private sealed class Picky : ReceiveActor
    {
        public Picky(int number) => Receive<string>(_ => Sender.Tell(number));
    }

    private sealed class Secretive : ReceiveActor
    {
        internal Secretive(int number) => Receive<string>(_ => Sender.Tell(number));
    }
}
