using Plexum.Codex.Client.Documents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client;

/// <summary>What is said to a turn is said once, whatever becomes of the connection.</summary>
public sealed class SteerOnceSpecs
{
    private static readonly TurnId Turn = TurnId.Parse("turn-1");

    private static readonly string Accepted = ScriptedServer.Answer(
        "200 OK",
        "application/json",
        """{"turn_id":"turn-1","outcome":"accepted"}"""
    );

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"turn")]
    public async Task An_answer_that_is_lost_leaves_it_open_and_nothing_is_said_again(string lost)
    {
        using var server = new ScriptedServer(lost, Accepted);

        var error = await Assert.ThrowsAsync<DaemonException>(() => SteerAsync(server));

        Assert.Equal(DaemonProblem.Failed, error.Problem);
        Assert.Contains("The model may see the text", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_daemon_that_does_not_know_what_codex_did_is_not_asked_again()
    {
        using var server = new ScriptedServer(Problem("503 Service Unavailable", "busy"), Accepted);

        var error = await Assert.ThrowsAsync<DaemonException>(() => SteerAsync(server));

        Assert.Contains("It says why.", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("503 Service Unavailable", "starting")]
    [InlineData("503 Service Unavailable", "shutting_down")]
    [InlineData("409 Conflict", "turn_not_at_hand")]
    public async Task A_daemon_that_has_done_nothing_is_asked_again(string status, string code)
    {
        using var server = new ScriptedServer(Problem(status, code), Accepted);

        Assert.Equal(SteerResult.Accepted, (await SteerAsync(server)).Outcome);
    }

    private static string Problem(string status, string code) =>
        ScriptedServer.Answer(
            status,
            "application/problem+json",
            $"{{\"type\":\"urn:x\",\"title\":\"T\",\"status\":{status[..3]},\"code\":\"{code}\",\"detail\":\"It says why.\"}}"
        );

    private static async Task<SteerDocument> SteerAsync(ScriptedServer server)
    {
        var time = new ManualTime();
        using var client = new DaemonClient(server.Path, time, TimeSpan.FromDays(1));
        var steering = client.SteerAsync(Turn, "now");
        await Limits.UntilAsync(() =>
        {
            if (!steering.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
            }

            return steering.IsCompleted;
        });
        return await steering;
    }
}
