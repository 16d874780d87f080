using System.Net;
using System.Text.Json;
using System.Web;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

public sealed class TurnIdsSpecs
{
    private const string First = "019a0000000070008000000000000001";
    private const string Second = "019a0000000070008000000000000002";
    private const string Other = "019b0000000070008000000000000003";

    [Theory]
    [InlineData("last", Other)]
    [InlineData("019b", Other)]
    [InlineData("019a0000000070008000000000000002", Second)]
    [InlineData("019f", "019f")]
    [InlineData("019f0000000070008000000000000009", "019f0000000070008000000000000009")]
    public async Task A_turn_is_named_by_its_id_or_the_beginning_of_it_or_as_the_last_one(string given, string turn)
    {
        using var daemon = new DaemonClient(new Turns(), "/nowhere", TimeProvider.System);

        Assert.Equal(turn, (await TurnIds.FindAsync(daemon, given, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_beginning_of_several_ids_is_refused_with_all_of_them()
    {
        using var daemon = new DaemonClient(new Turns(), "/nowhere", TimeProvider.System);

        var refused = await Assert.ThrowsAsync<CodexException>(() => TurnIds.FindAsync(daemon, "019a", CancellationToken.None));

        Assert.Contains($"\n  {First}  alice, ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"\n  {Second}  alice, ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Other, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task What_is_no_turn_id_is_refused(string given)
    {
        using var daemon = new DaemonClient(new Turns(), "/nowhere", TimeProvider.System);

        await Assert.ThrowsAsync<CodexException>(() => TurnIds.FindAsync(daemon, given, CancellationToken.None));
    }

    // A daemon with three turns.
    private sealed class Turns : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
            TurnDocument[] turns =
            [
                .. new[] { Other, Second, First }
                    .Where(id => id.StartsWith(query["prefix"] ?? "", StringComparison.Ordinal))
                    .Select(id => new TurnDocument
                    {
                        Number = 1,
                        TurnId = id,
                        AgentId = "alice",
                        State = Ledger.TurnState.Queued,
                        EventsKept = true,
                        AcceptedAt = DateTimeOffset.UnixEpoch,
                    }),
            ];
            var json = JsonSerializer.SerializeToUtf8Bytes(new TurnsDocument([.. turns], null), ApiJson.Default.TurnsDocument);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(json) });
        }
    }
}
