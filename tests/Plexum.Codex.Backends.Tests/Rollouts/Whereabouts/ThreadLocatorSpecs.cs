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
    }

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
        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Place = seen.Place with { HadSiblings = null } }).State);
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

    [Fact]
    public void A_cleanup_that_takes_the_day_of_a_thread_that_was_alone_in_it_leaves_it_gone_where_an_older_one_is_left()
    {
        CodexSessions.Put(Day, Thread);
        var seen = See();
        Directory.Delete(Path.Combine(Sessions, "2026"), recursive: true);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "12", "24"), IdAt(LastUse.AddDays(34)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "01"), IdAt(Begin.AddDays(-19)));
        Assert.Equal(RolloutState.Gone, Locate(seen).State);
        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Sessions = "0:0:0:0" }).State);
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

        var found = Locate(new ThreadSighting(Home, LastUse, "0:0:0:0"));

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
    public void Whatever_lies_around_a_thread_is_given_up_only_where_the_rule_holds()
    {
        var layouts =
            from day in Gen.Elements(true, false)
            from sees in Gen.Elements<bool?>(true, false, null)
            from minutes in Gen.Choose(-500, 500).ArrayOf()
            from isSameDay in Gen.Elements(true, false)
            from isSame in Gen.Elements(true, false)
            from isHome in Gen.Elements(true, false)
            select new Layout(day, sees, minutes, isSameDay, isSame, isHome);
        Prop.ForAll(layouts.ToArbitrary(), layout => Assert.Equal(layout.IsGone, StateIn(layout) == RolloutState.Gone))
            .QuickCheckThrowOnFailure();
    }

    private RolloutState StateIn(Layout layout)
    {
        if (Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }

        Directory.CreateDirectory(layout.HasDay ? Day : Sessions);
        foreach (var minutes in layout.Others)
        {
            CodexSessions.Put(layout.HasDay ? Day : Path.Combine(Sessions, "2020", "01", "01"), IdAt(LastUse.AddMinutes(minutes)));
        }

        var seen = new ThreadSighting(
            layout.IsHome ? Home : _home.File("another"),
            LastUse,
            layout.IsSame ? ThreadSighting.SessionsOf(Home) : "0:0:0:0",
            new RolloutPlace(Day, (layout.IsSameDay ? ThreadSighting.IdentityOf(Day) : null) ?? "0:0:1:0", layout.HadSiblings)
        );
        return Locate(seen).State;
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

    private sealed record Layout(bool HasDay, bool? HadSiblings, int[] Others, bool IsSameDay, bool IsSame, bool IsHome)
    {
        public bool IsGone => IsHome && HasOlder && (HadSiblings is true ? HasDay && IsSameDay : HadSiblings is false && IsSame);

        private bool HasOlder => Others.Any(minutes => minutes <= 0);
    }
}
