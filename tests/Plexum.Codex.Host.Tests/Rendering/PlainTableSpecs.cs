using System.Collections.Immutable;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

public sealed class PlainTableSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // Ids that differ in their last digits only.
    private static readonly ImmutableArray<TurnDocument> Turns =
    [
        .. Enumerable
            .Range(0, 20)
            .Select(number => new TurnDocument
            {
                Number = number,
                TurnId = $"01a1fb2f6ee87773a80f3bce5d51{number:d4}",
                AgentId = "alice",
                State = TurnState.Ended,
                StopReason = StopReason.EndTurn,
                Model = number == 3 ? "gpt-5" : null,
                Prompt = number == 3 ? "Write \u001b[2J the report" : "hello",
                AcceptedAt = Now,
                EventsKept = true,
                Usage = new Usage(1000, 10, 0, 0),
            }),
    ];

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void Turns_stand_on_one_line_each_with_an_id_that_is_no_other_s_their_model_and_their_prompt(int width)
    {
        var lines = Draw(width, console => TurnsCommand.Table(new TurnsDocument(Turns), Now).Write(console));

        Assert.Equal(1 + Turns.Length, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        string[] ids = [.. lines[1..].Select(line => line.Split(' ')[0])];
        Assert.All(ids, (id, index) => Assert.StartsWith(id, Turns[index].TurnId, StringComparison.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("gpt-5", lines[4], StringComparison.Ordinal);
        Assert.Contains("Write \\x1b", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_ids_and_texts_stand_where_there_is_room_or_it_is_asked_for()
    {
        var table = TurnsCommand.Table(new TurnsDocument(Turns), Now);

        Assert.Contains(Turns[7].TurnId, Draw(300, console => table.Write(console))[8], StringComparison.Ordinal);
        Assert.Contains(Turns[7].TurnId, Draw(80, console => table.Write(console, wide: true))[8], StringComparison.Ordinal);
        Assert.DoesNotContain(Turns[7].TurnId, Draw(50, console => table.Write(console))[8], StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_column_without_a_mark_is_wrapped_and_loses_nothing()
    {
        var table = new PlainTable("DAEMON", "");
        var text = string.Join(' ', Enumerable.Range(0, 40).Select(number => $"word{number}"));
        table.Add("state", text);

        var lines = Draw(40, table.Write);

        Assert.All(lines, line => Assert.True(line.Length <= 40, line));
        Assert.Equal(
            text.Split(' ').Prepend("state"),
            lines[1..].SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    [Fact]
    public void Optional_columns_without_anything_in_them_are_left_out()
    {
        var table = new PlainTable("ID", "?MODEL", "~ERROR");
        table.Add("x", null, "");

        Assert.Equal(["ID", "x"], Draw(80, table.Write));
    }

    private static string[] Draw(int width, Action<IAnsiConsole> draw)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        draw(console);
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
