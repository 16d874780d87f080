using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Whereabouts;

public sealed class ThreadLocatorSpecs : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Thread = Guid.CreateVersion7(Begin).ToString();
    private static readonly DateTimeOffset LastUse = Begin.AddHours(2);

    private readonly TemporaryDirectory _home = new();

    private string Home => _home.File("codex");

    private string Sessions => Path.Combine(Home, "sessions");

    private string Day => CodexSessions.DayOf(Home, Thread);

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thread_in_its_place_or_on_another_day_is_there(bool elsewhere)
    {
        var path = CodexSessions.Put(elsewhere ? Path.Combine(Sessions, "2020", "01", "01") : Day, Thread);

        Assert.Equal(new ThreadWhereabouts(RolloutState.There, path), Locate());
    }

    [Fact]
    public void A_thread_in_the_archive_is_archived_whatever_is_in_the_sessions()
    {
        var path = CodexSessions.Put(Path.Combine(Home, "archived_sessions"), Thread);
        Assert.Equal((RolloutState.Archived, path), (Locate().State, Locate().Path));
        Assert.Equal($"CODEX_HOME='{Home}' codex unarchive {Thread}", Locate().Command);

        CodexSessions.PutNeighbour(Home, Thread);
        Assert.Equal(RolloutState.Archived, Locate().State);
    }

    [Fact]
    public void A_directory_or_a_link_in_the_place_of_a_rollout_is_not_taken_for_nothing()
    {
        CodexSessions.PutNeighbour(Home, Thread);
        var path = Path.Combine(Day, $"rollout-2026-11-20T12-00-00-{Thread}.jsonl");
        File.CreateSymbolicLink(path, _home.File("nowhere"));
        Assert.Equal((RolloutState.Unreadable, path), (Locate().State, Locate().Path));

        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.Equal((RolloutState.Unreadable, "it is a directory"), (Locate().State, Locate().Problem));
    }

    [Fact]
    public void A_thread_is_gone_where_a_neighbour_of_its_day_is_there_still_and_it_is_not()
    {
        var seen = SeeAndDelete(hasNeighbour: true);

        Assert.Equal(new ThreadWhereabouts(RolloutState.Gone, null), Locate(seen));
        Assert.Equal(RolloutState.Unreachable, Locate().State);
    }

    [Fact]
    public void The_only_thread_that_ever_was_is_not_gone_though_its_directory_is_there_and_empty()
    {
        var seen = SeeAndDelete(hasNeighbour: false);

        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);
        Assert.DoesNotContain("empty", Locate(seen).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "2026/11/20")]
    [InlineData("2020/01/01/", "2026/11/20")]
    public void A_rollout_that_was_archived_by_hand_is_moved_back_to_its_day(string below, string day)
    {
        var path = $"/it's/archived_sessions/{below}rollout-2026-11-20T12-00-00-{Thread}.jsonl";

        Assert.Equal(
            $"mkdir -p '/it'\\''s/sessions/{day}' && mv -n '/it'\\''s{path[5..]}' '/it'\\''s/sessions/{day}'",
            ArchivedRollout.CommandToMoveBack(path)
        );
    }

    [Theory]
    [InlineData("/codex/archived_sessions/rollout-x.jsonl")]
    [InlineData("/codex/archived_sessions/rollout-2026-13-40T12-00-00-x.jsonl")]
    [InlineData("/codex/sessions/rollout-2026-11-20T12-00-00-x.jsonl")]
    public void What_does_not_tell_its_day_has_no_command(string path) => Assert.Null(ArchivedRollout.CommandToMoveBack(path));

    [Fact]
    public void A_day_whose_files_were_moved_away_is_not_gone_though_others_begin_there_and_older_days_are_left()
    {
        var own = CodexSessions.Put(Day, Thread);
        var neighbour = CodexSessions.PutNeighbour(Home, Thread);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "01"), IdAt(Begin.AddDays(-19)));
        var seen = See();
        var backup = Directory.CreateDirectory(_home.File("backup")).FullName;
        File.Move(neighbour, Path.Combine(backup, Path.GetFileName(neighbour)));
        File.Move(own, Path.Combine(backup, Path.GetFileName(own)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        File.Move(Path.Combine(backup, Path.GetFileName(own)), own);
        Assert.Equal(new ThreadWhereabouts(RolloutState.There, own), Locate(seen));
    }

    [Fact]
    public void A_directory_that_only_has_the_number_of_the_earlier_one_is_another()
    {
        var seen = SeeAndDelete(hasNeighbour: true);
        var born = seen.Place!.Identity.LastIndexOf(':');
        var other = seen.Place with { Identity = seen.Place.Identity[..born] + ":1" };
        var old = seen.Place with { Identity = seen.Place.Identity[..born] };

        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Place = other }).State);
        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Place = old }).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Days_that_were_moved_away_are_not_gone_though_another_thread_began_there_since(bool isEmpty)
    {
        var own = CodexSessions.Put(Day, Thread);
        CodexSessions.PutNeighbour(Home, Thread);
        var seen = See();
        Directory.Move(Path.Combine(Sessions, "2026"), _home.File("backup"));
        Directory.CreateDirectory(Day);
        if (!isEmpty)
        {
            CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
        }

        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        Directory.Delete(Path.Combine(Sessions, "2026"), recursive: true);
        Directory.Move(_home.File("backup"), Path.Combine(Sessions, "2026"));
        Assert.Equal(new ThreadWhereabouts(RolloutState.There, own), Locate(seen));
    }

    [Theory]
    [InlineData("2026/11/01", "2026/11")]
    [InlineData("2026/10/01", "2026")]
    [InlineData("2025/12/24", "")]
    public void A_thread_that_was_alone_in_its_day_is_gone_where_the_nearest_others_are_left(string others, string place)
    {
        var own = CodexSessions.Put(Day, Thread);
        var older = CodexSessions.Put(Path.Combine(Sessions, others), IdAt(Begin.AddDays(-19)));
        var seen = See();
        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.Combine(Sessions, place)), seen.Place?.Directory);

        File.Delete(own);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "24"), IdAt(LastUse.AddDays(4)));
        Assert.Equal(RolloutState.Gone, Locate(seen).State);

        File.Delete(older);
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);
    }

    [Theory]
    [InlineData("2026/11/20")]
    [InlineData("2026/11")]
    public void A_thread_that_was_alone_in_what_was_moved_away_is_not_gone_though_the_nearest_others_are_left(string moved)
    {
        var own = CodexSessions.Put(Day, Thread);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "10", "01"), IdAt(Begin.AddDays(-50)));
        var seen = See();
        Directory.Move(Path.Combine(Sessions, moved), _home.File("backup"));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);
        Assert.Contains(Day, Locate(seen).Problem, StringComparison.Ordinal);

        CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        Directory.Delete(Path.Combine(Sessions, moved), recursive: true);
        Directory.Move(_home.File("backup"), Path.Combine(Sessions, moved));
        Assert.Equal(new ThreadWhereabouts(RolloutState.There, own), Locate(seen));
    }

    [Fact]
    public void A_month_that_was_moved_away_is_not_gone_though_its_thread_was_alone_in_its_day_and_older_months_are_left()
    {
        var own = CodexSessions.Put(Day, Thread);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "01"), IdAt(Begin.AddDays(-19)));
        CodexSessions.Put(Path.Combine(Sessions, "2026", "10", "01"), IdAt(Begin.AddDays(-50)));
        var seen = See();
        Directory.Move(Path.Combine(Sessions, "2026", "11"), _home.File("backup"));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        Directory.Delete(Path.Combine(Sessions, "2026", "11"), recursive: true);
        Directory.Move(_home.File("backup"), Path.Combine(Sessions, "2026", "11"));
        Assert.Equal(new ThreadWhereabouts(RolloutState.There, own), Locate(seen));
    }

    [Theory]
    [InlineData("a dangling link")]
    [InlineData("a file")]
    public void An_archive_that_cannot_be_read_may_have_the_thread(string archive)
    {
        var seen = SeeAndDelete(hasNeighbour: true);
        var path = Path.Combine(Home, "archived_sessions");
        if (archive == "a file")
        {
            File.WriteAllText(path, "in the way");
        }
        else
        {
            Directory.CreateSymbolicLink(path, _home.File("not-mounted"));
        }

        var found = Locate(seen);

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(path, found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Sessions_that_cannot_all_be_read_tell_no_neighbours_and_keep_nobody_from_seeing_the_thread()
    {
        CodexSessions.Put(Day, Thread);
        Directory.CreateSymbolicLink(Path.Combine(Sessions, "2025"), _home.File("not-mounted"));

        Assert.Null(See().Place);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_among_the_sessions_may_lead_to_the_thread(bool dangles)
    {
        CodexSessions.PutNeighbour(Home, Thread);
        var elsewhere = _home.File("big-disk");
        if (!dangles)
        {
            Directory.CreateDirectory(elsewhere);
        }

        Directory.CreateSymbolicLink(Path.Combine(Sessions, "2025"), elsewhere);

        var found = Locate();

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(Path.Combine(Sessions, "2025"), found.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no sessions")]
    [InlineData("empty sessions")]
    [InlineData("an empty day")]
    [InlineData("another day only")]
    [InlineData("an older thread only")]
    [InlineData("a younger thread only")]
    [InlineData("a dangling link")]
    [InlineData("a file")]
    public void Sessions_that_may_be_elsewhere_are_no_proof(string sessions)
    {
        Directory.CreateDirectory(Home);
        switch (sessions)
        {
            case "empty sessions":
                Directory.CreateDirectory(Sessions);
                break;
            case "an empty day":
                Directory.CreateDirectory(Day);
                break;
            case "another day only":
                CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "01"), IdAt(Begin.AddDays(-19)));
                break;
            case "an older thread only":
                CodexSessions.PutNeighbour(Home, Thread);
                break;
            case "a younger thread only":
                CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));
                break;
            case "a dangling link":
                Directory.CreateSymbolicLink(Sessions, _home.File("not-mounted"));
                break;
            case "a file":
                File.WriteAllText(Sessions, "in the way");
                break;
        }

        var found = Locate(new ThreadSighting(Home, LastUse, new RolloutPlace(Day, "0:0:0:0")));

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(Sessions, found.Problem, StringComparison.Ordinal);
        Assert.NotNull(found.Remedy);
    }

    [Fact]
    public void A_thread_of_another_home_is_not_gone_though_this_one_is_full()
    {
        var seen = SeeAndDelete(hasNeighbour: true);

        var found = Locate(seen with { CodexHome = _home.File("another") });

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(_home.File("another"), found.Remedy, StringComparison.Ordinal);
        Assert.Equal(RolloutState.Gone, Locate(seen with { CodexHome = Home + "/" }).State);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("an empty home")]
    [InlineData("empty sessions")]
    public void A_fresh_home_is_told_to_be_another_one(string fresh)
    {
        if (fresh != "nothing")
        {
            Directory.CreateDirectory(fresh == "empty sessions" ? Sessions : Home);
        }

        var found = Locate(new ThreadSighting(_home.File("another"), LastUse));

        Assert.Contains("it was last continued in", found.Problem, StringComparison.Ordinal);
        Assert.Equal($"Set CODEX_HOME to {_home.File("another")} again.", found.Remedy);
    }

    [Fact]
    public void A_fork_is_there_as_long_as_the_thread_that_it_continues_is()
    {
        var origin = IdAt(Begin.AddDays(-1));
        var parent = CodexSessions.Put(CodexSessions.DayOf(Home, origin), origin);
        var path = CodexSessions.PutFork(Day, Thread, origin);
        Assert.Equal(new ThreadWhereabouts(RolloutState.There, path), Locate());

        File.Delete(parent);

        Assert.Equal((RolloutState.Unreadable, path), (Locate().State, Locate().Path));
        Assert.Contains(origin, Locate().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_whose_id_tells_no_time_is_gone_where_its_neighbour_is_there()
    {
        var thread = ThreadId.Parse("7b2a6c0e-52c5-4d7e-9a53-0d3c3a6f8e11");
        var locator = new ThreadLocator(Home, TimeProvider.System);
        Assert.Equal(RolloutState.Unreachable, locator.Locate(thread, null).State);

        CodexSessions.PutNeighbour(Home, Thread);
        var own = CodexSessions.Put(Day, thread.ToString());
        var seen = locator.See(thread);
        File.Delete(own);

        Assert.Equal(RolloutState.Gone, locator.Locate(thread, seen).State);
        Assert.Equal(RolloutState.Unreachable, locator.Locate(thread, seen with { At = Begin.AddDays(-2) }).State);
    }

    [Fact]
    public void Whatever_lies_around_a_thread_and_is_moved_it_is_given_up_only_where_the_nearest_others_are_left()
    {
        var layouts =
            from older in Gen.Choose(0, Levels.Length - 1).ArrayOf()
            from younger in Gen.Choose(0, Levels.Length - 1).ArrayOf()
            from moved in Gen.Choose(-1, Levels.Length - 1)
            from empties in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            from isHome in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
            select new Layout(older, younger, moved, empties, isHome);
        Prop.ForAll(layouts.ToArbitrary(), layout => Assert.Equal(layout.IsGone, StateIn(layout) == RolloutState.Gone))
            .QuickCheckThrowOnFailure();
    }

    // Where others are: in the same day, month or year, or in another year; and which directory has them and the thread.
    private static readonly (string Others, string Common)[] Levels =
    [
        ("2026/11/20", "2026/11/20"),
        ("2026/11/01", "2026/11"),
        ("2026/01/01", "2026"),
        ("2020/01/01", "."),
    ];

    private RolloutState StateIn(Layout layout)
    {
        foreach (var used in new[] { Home, _home.File("backup") }.Where(Directory.Exists))
        {
            Directory.Delete(used, recursive: true);
        }

        var own = CodexSessions.Put(Path.Combine(Sessions, Levels[0].Others), Thread);
        string[] older =
        [
            .. layout.Older.Select(level => CodexSessions.Put(Path.Combine(Sessions, Levels[level].Others), IdAt(LastUse.AddMinutes(-1)))),
        ];
        var seen = See();
        File.Delete(own);
        if (layout.Empties)
        {
            Array.ForEach(older, File.Delete);
        }

        if (layout.Moved >= 0)
        {
            Directory.Move(Path.GetFullPath(Path.Combine(Sessions, Levels[layout.Moved].Common)), _home.File("backup"));
        }

        Directory.CreateDirectory(Sessions);
        foreach (var level in layout.Younger)
        {
            CodexSessions.Put(Path.Combine(Sessions, Levels[level].Others), IdAt(LastUse.AddMinutes(1)));
        }

        return Locate(layout.IsHome ? seen : seen with { CodexHome = _home.File("another") }).State;
    }

    private static string IdAt(DateTimeOffset begin) => Guid.CreateVersion7(begin).ToString();

    private ThreadWhereabouts Locate(ThreadSighting? seen = null) =>
        new ThreadLocator(Home, TimeProvider.System).Locate(ThreadId.Parse(Thread), seen);

    private ThreadSighting See() => new ThreadLocator(Home, TimeProvider.System).See(ThreadId.Parse(Thread)) with { At = LastUse };

    private ThreadSighting SeeAndDelete(bool hasNeighbour)
    {
        var own = CodexSessions.Put(Day, Thread);
        if (hasNeighbour)
        {
            CodexSessions.PutNeighbour(Home, Thread);
        }

        var seen = See();
        File.Delete(own);
        return seen;
    }

    // Levels of older and younger threads; the level whose directory is moved away, or -1; whether the older ones are deleted.
    private sealed record Layout(int[] Older, int[] Younger, int Moved, bool Empties, bool IsHome)
    {
        public bool IsGone => IsHome && !Empties && Older.Length > 0 && Moved < 0;
    }
}
