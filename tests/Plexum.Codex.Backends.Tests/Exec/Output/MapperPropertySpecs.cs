using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Output;

public sealed class MapperPropertySpecs
{
    private static readonly string[] Fragments =
    [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "\n",
        "\r\n",
        " ",
        "0",
        "-1e999",
        "true",
        "null",
        "\\ud800",
        "\\u0000",
        "\"type\":",
        "\"item\":",
        "\"error\":",
        "\"message\":",
        "\"usage\":",
        "\"thread_id\":",
        "\"input_tokens\":",
        "\"text\":",
        "\"item.completed\"",
        "\"item.started\"",
        "\"turn.completed\"",
        "\"turn.failed\"",
        "\"error\"",
        "\"agent_message\"",
        "\"command_execution\"",
        "\"reasoning\"",
        "\"ty\\u0070e\":",
        "\"\\ud800\":",
        "\uFEFF",
        "😀",
        MapperRig.ThreadStarted,
        MapperRig.TurnCompleted,
        """{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"hello \ud800 \n"}}""",
        """{"type":"item.completed","item":{"id":"i","type":"command_execution","aggregated_output":"\ud83d"}}""",
    ];

    [Fact]
    public void Mapping_never_throws_and_ends_in_exactly_one_message_end()
    {
        var pieces = Gen.Frequency(
            (4, Gen.Elements(Fragments).Select(Encoding.UTF8.GetBytes)),
            (1, Gen.Choose(0, 255).Select(value => new[] { (byte)value }))
        );
        var causes = Gen.Elements(Enum.GetValues<ExecEndCause>());
        var exits = Gen.Elements(new ProcessExit(0, null), new ProcessExit(1, null), new ProcessExit(null, 9), ProcessExit.Unknown);
        var turns =
            from content in pieces.ArrayOf().Select(list => list.SelectMany(piece => piece).ToArray())
            from cause in causes
            from exit in exits
            from resumed in Gen.Elements(true, false)
            select (content, cause, exit, resumed);
        Prop.ForAll(turns.ToArbitrary(), turn => IsWellFormed(turn.content, turn.cause, turn.exit, turn.resumed))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60));
    }

    [Fact]
    public void Mapping_survives_every_single_byte_of_a_turn_being_changed()
    {
        var turn = Encoding.UTF8.GetBytes(string.Join('\n', Fragments[^4..]));
        byte[] changes = [0, (byte)'"', (byte)'\\', (byte)'\n', (byte)'{', (byte)'}', 0xFF];
        for (var at = 0; at < turn.Length; at++)
        {
            foreach (var change in changes)
            {
                var changed = (byte[])turn.Clone();
                changed[at] = change;
                Assert.True(IsWellFormed(changed, ExecEndCause.Exited, new ProcessExit(0, null), resumed: false));
            }
        }
    }

    private static bool IsWellFormed(byte[] content, ExecEndCause cause, ProcessExit exit, bool resumed)
    {
        using var rig = new MapperRig(resumed ? MapperRig.Thread : null);
        CanonicalEvent[] events = [rig.Mapper.Start(), .. rig.Feed(content), .. rig.End(new ExecEnd(cause, exit, "tail"))];
        var end = (CanonicalEvent.MessageEnd)events[^1];
        return events.Count(e => e is CanonicalEvent.MessageEnd) == 1
            && events.Count(e => e is CanonicalEvent.Error) == (end.StopReason is StopReason.Error or StopReason.Timeout ? 1 : 0)
            && events.All(CanBeReadBack);
    }

    /// <summary>Also that no event can break the log's lines.</summary>
    private static bool CanBeReadBack(CanonicalEvent value)
    {
        var line = CanonicalJson.ToLine(7, value);
        return !line.AsSpan().ContainsAny((byte)'\n', (byte)'\r')
            && CanonicalJsonReader.TryRead(line, out var seq, out var read)
            && seq == 7
            && read.GetType() == value.GetType();
    }
}
