using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

public sealed class LedgerKillSpecs : IDisposable
{
    private readonly LedgerStage _stage = new();

    [Fact]
    public async Task Every_turn_that_was_accepted_is_there_after_the_program_was_killed_in_the_middle_of_writing()
    {
        var accepted = new List<string>();
        foreach (var lines in new[] { 1, 37, 203 })
        {
            using var child = await LedgerChild.StartAsync("accept", _stage.Path);
            for (var i = 0; i < lines; i++)
            {
                accepted.Add(await child.LineAsync());
            }

            accepted.AddRange(await child.KillAsync());
        }

        await using var ledger = await _stage.OpenAsync();
        Assert.Empty(_stage.Warnings);
        Assert.True(accepted.Count > 240);
        foreach (var turn in accepted)
        {
            Assert.True(await ledger.FindTurnAsync(TurnId.Parse(turn)) is not null, $"{turn} was accepted and is lost.");
        }

        var unfinished = await ledger.UnfinishedAsync(TurnOwner.Local);
        Assert.All(unfinished, turn => Assert.NotNull(turn.Request));
        Assert.NotEmpty(unfinished.ToArray());
    }

    public void Dispose() => _stage.Dispose();
}
