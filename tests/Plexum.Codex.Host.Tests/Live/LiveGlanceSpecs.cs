using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

public sealed class LiveGlanceSpecs : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly TurnDirectory _turn;
    private readonly LiveGlance _glance;

    public LiveGlanceSpecs()
    {
        _turn = TurnDirectory.Create(new AgentDirectory(_folder.Root, AgentId.Parse("alice")), TurnId.Parse("turn-1"));
        _glance = new LiveGlance(_turn);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_line_of_a_text_is_shown_and_drives_no_terminal()
    {
        Look(new CanonicalEvent.TextDelta("first\na\u001b[2Jb[bold]"));

        Assert.Equal(@"a\x1b[2Jb[bold]", _glance.Last);
    }

    [Fact]
    public void A_turn_in_the_server_began_when_its_record_says()
    {
        var began = new DateTimeOffset(2026, 11, 30, 8, 0, 0, TimeSpan.Zero);
        new AppServerRecord
        {
            Backend = AppServerRecord.BackendName,
            TurnId = "turn-1",
            AgentId = "alice",
            Workspace = _folder.Root,
            Thread = "01a1fa61-01c1-7781-bfa1-609b5404abaf",
            StartedAt = began,
        }.Save(_turn);

        Look(new CanonicalEvent.TextDelta("hi"));

        Assert.Equal(began, _glance.Began);
    }

    [Fact]
    public void A_command_is_shown_without_its_shell()
    {
        Look(
            new CanonicalEvent.Activity(
                """{"type":"command_execution","command":"/bin/bash -lc 'cargo test'","exit_code":null}"""u8.ToArray(),
                ActivityPhase.Started
            )
        );

        Assert.Equal("$ cargo test", _glance.Last);
    }

    [Fact]
    public void The_pieces_of_a_message_are_shown_together()
    {
        Look(new CanonicalEvent.TextDelta("I look at the fi") { Item = "m" });
        File.AppendAllText(_turn.EventsFile, """{"seq":2,"type":"text_delta","item":"m","text":"les."}""" + "\n");
        _glance.Look();

        Assert.Equal("I look at the files.", _glance.Last);
    }

    [Theory]
    [InlineData("All is do")]
    [InlineData("All |is |do")]
    public void A_message_that_was_joined_is_shown_once(string pieces)
    {
        Write([.. pieces.Split('|').Select(piece => new CanonicalEvent.TextDelta(piece) { Item = "m" })]);
        _glance.Look();
        Assert.Equal("All is do", _glance.Last);

        // Compaction puts another file in its place, which is shorter or longer than what was read.
        File.Move(_turn.EventsFile, _turn.EventsFile + ".before");
        Write(new CanonicalEvent.TextDelta("All is done.") { Item = "m" });
        _glance.Look();

        Assert.Equal("All is done.", _glance.Last);
    }

    [Fact]
    public void The_end_is_seen_in_a_log_that_became_shorter()
    {
        Look(new CanonicalEvent.TextDelta(new string('a', 1000)));
        var end = new CanonicalEvent.MessageEnd(StopReason.EndTurn, new Usage(1, 2, 3, 4), Usage.Zero, null, TimeSpan.Zero);

        Look(end);

        Assert.Equal(1, _glance.End?.Usage.InputTokens);
    }

    private void Look(CanonicalEvent value)
    {
        Write(value);
        _glance.Look();
    }

    private void Write(params CanonicalEvent[] events) =>
        File.WriteAllBytes(_turn.EventsFile, [.. events.SelectMany(value => CanonicalJson.ToLine(1, value).Append((byte)'\n'))]);
}
