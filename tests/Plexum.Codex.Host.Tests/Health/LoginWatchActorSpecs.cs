using Akka.TestKit;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

public sealed class LoginWatchActorSpecs() : Akka.TestKit.Xunit2.TestKit(TestSystem.WithClockAndLog)
{
    private const string Missing = "codex is not logged in";

    [Fact]
    public async Task What_is_missing_is_told_without_a_turn_and_so_is_that_it_is_there_again()
    {
        string? missing = Missing;
        Sys.ActorOf(LoginWatchActor.Props(() => missing, TestActor));
        await TellsAsync(Missing);

        missing = null;

        await TellsAsync(null);
    }

    [Fact]
    public async Task A_look_that_fails_is_not_the_last_one()
    {
        var looks = 0;
        Sys.ActorOf(LoginWatchActor.Props(() => looks++ == 0 ? throw new IOException("It does not answer.") : Missing, TestActor));

        await TellsAsync(Missing);
    }

    private Task TellsAsync(string? what) =>
        Limits.UntilAsync(() =>
        {
            ((TestClock)Sys.Scheduler).Advance(LoginWatchActor.Interval);
            return HasMessages && ReceiveOne(Limits.Wait) is ProblemsProtocol.LoginSeen seen && seen.Missing == what;
        });
}
