using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Problems;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

public sealed class LiveScreenSpecs
{
    private const string Evil = "a\u001b[2Jb\u0007\r\n[bold]漢字🦀\t\u009bd\u202e";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<LiveRow[]> AnyRows = (
        from phase in Gen.Elements(Enum.GetValues<AgentPhase>())
        from name in Gen.Elements("a", "agent-", "reviewer-of-the-department-of-very-long-names-number-")
        from age in Gen.Choose(-5, 1_000_000)
        from number in Gen.Choose(0, int.MaxValue)
        from last in Gen.Elements("", "$ ls", Evil, new string('x', 200), new string('漢', 100))
        select new LiveRow(Agent(name + "0"), phase, Now.AddSeconds(-age))
        {
            Queued = number % 100,
            Usage = new Usage(number * 1000L, number, 0, 0),
            Last = last,
        }
    )
        .ListOf()
        .Select(rows => rows.Select((row, at) => row with { Agent = Agent(row.Agent.Value + Text(at)) }).ToArray());

    private static readonly Gen<TerminalSize> AnySize =
        from width in Gen.Choose(1, 220)
        from height in Gen.Choose(1, 70)
        select new TerminalSize(width, height);

    private static readonly Gen<(bool HasMessage, int Problems)> AnyBelow =
        from hasMessage in Gen.Elements(true, false)
        from problems in Gen.Choose(0, 3)
        select (hasMessage, problems);

    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var (width, height) in new[] { (80, 24), (120, 40), (200, 60), (40, 10), (20, 5) })
            {
                foreach (var agents in new[] { 1, 20, 50, 200 })
                {
                    data.Add(width, height, agents);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Those_at_work_come_first_then_those_that_wait_and_how_many_are_left_out(int width, int height, int agents)
    {
        var (running, waiting) = (Math.Min(4, agents), Math.Min(10, agents / 2));

        var screen = Draw(Picture(agents, running, waiting), width, height);

        Assert.All(screen, line => Assert.True(TextCells.Width(line) <= width, line));
        Assert.True(screen.Length <= height, string.Join('\n', screen));
        Assert.Contains(Text(running), screen[0], StringComparison.Ordinal);
        var titles = height >= 8 ? 1 : 0;
        var room = height - 2 - titles;
        var rows = screen[(1 + titles)..^1];
        Assert.Equal(Math.Min(agents, room), rows.Length);
        string[] states = [.. Enumerable.Repeat("running", running), .. Enumerable.Repeat("waiting", waiting)];
        Assert.All(states.Concat(Enumerable.Repeat("idle", agents)).Zip(rows), pair =>
            Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal)
        );
        Assert.Equal(rows.Length, rows.Select(row => row.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.StartsWith(agents > room ? $"and {Text(agents - room)} more" : "", screen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_common_terminal_shows_state_time_and_command()
    {
        var picture = new LivePicture(
            4,
            1,
            1,
            [
                new LiveRow(Agent("waiter"), AgentPhase.WaitingForSlot, Now.AddSeconds(-3)),
                new LiveRow(Agent("sleeper"), AgentPhase.Idle, Now.AddMinutes(-3)) { Ended = StopReason.EndTurn, Last = "done it" },
                new LiveRow(Agent("worker"), AgentPhase.Running, Now.AddSeconds(-61)) { Last = "$ cargo test" },
            ]
        );

        Assert.Equal(
            [
                "plexum-codex: 1 of 4 slots in use, 1 waiting for one, 3 agents",
                "AGENT    STATE      TIME  LAST",
                "worker   running  1m 01s  $ cargo test",
                "waiter   waiting      3s  for a slot",
                "sleeper  done         3m  done it",
                "",
            ],
            Draw(picture, 80, 24)
        );
    }

    [Fact]
    public void What_is_left_out_is_counted_by_what_it_does() =>
        Assert.Equal("and 43 more: 3 waiting, 40 idle", Draw(Picture(50, 4, 6), 80, 10)[^1]);

    [Fact]
    public void More_agents_than_are_known_are_not_counted()
    {
        var picture = Picture(50, 4, 0) with { IsPartial = true };

        var screen = Draw(picture, 80, 24);

        Assert.EndsWith("over 50 agents", screen[0], StringComparison.Ordinal);
        Assert.StartsWith("and over 29 more", screen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_takes_the_place_of_an_agent()
    {
        var picture = Picture(50, 4, 0) with { Message = Evil };

        var screen = Draw(picture, 80, 24);

        Assert.Equal(24, screen.Length);
        Assert.Contains("[bold]", screen[^2], StringComparison.Ordinal);
        Assert.StartsWith("and 30 more", screen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_should_wake_somebody_stands_on_one_line_above_the_last()
    {
        var one = new StandingProblem(ProblemKinds.ProfileUnwritable, $"It is full. {Evil}", Now);
        var two = new StandingProblem(ProblemKinds.RoomLow, "It is nearly full.", Now);

        var screen = Draw(Picture(50, 4, 0) with { Problems = [one] }, 80, 24);
        Assert.Equal(24, screen.Length);
        Assert.StartsWith("PROBLEM profile_unwritable: It is full. ", screen[^2], StringComparison.Ordinal);
        Assert.StartsWith("and 30 more", screen[^1], StringComparison.Ordinal);

        screen = Draw(Picture(50, 4, 0) with { Problems = [one, two], Message = "message" }, 80, 24);
        Assert.Equal("message", screen[^3]);
        Assert.StartsWith("PROBLEM profile_unwritable and 1 more: It is full.", screen[^2], StringComparison.Ordinal);
        Assert.StartsWith("and 31 more", screen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Time_moves_what_runs_and_nothing_else()
    {
        var (busy, idle) = (Picture(3, 1, 0), Picture(3, 0, 0));

        Assert.NotEqual(Draw(busy, 80, 24), Draw(busy, 80, 24, Now.AddSeconds(1)));
        Assert.Equal(Draw(idle, 80, 24), Draw(idle, 80, 24, Now.AddSeconds(1)));
    }

    [Fact]
    public void It_fits_into_every_terminal_and_shows_every_agent_at_work_before_any_that_waits() =>
        Prop.ForAll(AnyRows.ToArbitrary(), AnySize.ToArbitrary(), AnyBelow.ToArbitrary(), (rows, size, below) =>
            {
                var (hasMessage, problems) = below;
                var picture = new LivePicture(4, 4, 4, rows)
                {
                    Message = hasMessage ? Evil : null,
                    Problems = [.. ProblemKinds.All.Take(problems).Select(kind => new StandingProblem(kind, Evil, Now))],
                };
                var screen = Draw(picture, size.Width, size.Height);
                Assert.InRange(screen.Length, 1, size.Height);
                Assert.All(screen, line => Assert.True(TextCells.Width(line) <= size.Width, line));
                Assert.All(screen, line => Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u202e'));
                if (size.Width < 60)
                {
                    return;
                }

                var states = screen.Select(State).Where(state => state >= 0).ToArray();
                Assert.Equal(states.Order(), states);
                var atWork = rows.Count(row => row.Rank == 0);
                var lines = size.Height < 6 ? 0 : (hasMessage ? 1 : 0) + Math.Min(problems, 1);
                Assert.Equal(Math.Min(atWork, LiveScreen.RoomOf(size) - lines), states.Count(state => state == 0));
                Assert.Equal(
                    size.Height < 6 ? 0 : Math.Min(problems, 1),
                    screen.Count(line => line.StartsWith("PROBLEM ", StringComparison.Ordinal))
                );
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    // -1 for a line that is no agent's.
    private static int State(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var state, ..] && name.Length > 1
            ? state switch
            {
                "idle" => 2,
                "waiting" => 1,
                "starting" or "running" or "ending" or "rewriting" => 0,
                _ => -1,
            }
            : -1;

    private static LivePicture Picture(int agents, int running, int waiting) =>
        new(
            4,
            running,
            waiting,
            [
                .. Enumerable
                    .Range(0, agents)
                    .Select(number => new LiveRow(
                        Agent($"reviewer-of-the-department-{number:d3}-for-pull-requests"),
                        number >= agents - running ? AgentPhase.Running
                            : number >= agents - running - waiting ? AgentPhase.WaitingForSlot
                            : AgentPhase.Idle,
                        Now.AddSeconds(-number)
                    )
                    {
                        Last = Evil,
                    }),
            ]
        );

    private static string[] Draw(LivePicture picture, int width, int height, DateTimeOffset? now = null) =>
        [.. LiveScreen.Draw(picture, new TerminalSize(width, height), now ?? Now).Select(line => line.Text)];

    private static AgentId Agent(string name) => AgentId.Parse(name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
