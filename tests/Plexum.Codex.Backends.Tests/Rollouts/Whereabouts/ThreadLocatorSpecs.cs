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
        Assert.Equal(new ThreadWhereabouts(RolloutState.Archived, path), Locate());

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
    public void A_thread_is_gone_where_one_before_it_is_there_and_it_is_not()
    {
        CodexSessions.PutNeighbour(Home, Thread);

        Assert.Equal(new ThreadWhereabouts(RolloutState.Gone, null), Locate());
    }

    [Fact]
    public void The_only_thread_that_ever_was_is_gone_where_the_very_directory_that_it_was_in_is_empty()
    {
        var path = CodexSessions.Put(Day, Thread);
        var seen = See();

        File.Delete(path);

        Assert.Equal(RolloutState.Gone, Locate(seen).State);
        Assert.Equal(RolloutState.Unreachable, Locate().State);
        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Sessions = "0:0:0" }).State);
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
    public void A_cleanup_that_takes_the_whole_day_of_a_thread_leaves_it_gone_where_an_older_one_is_left()
    {
        CodexSessions.Put(Day, Thread);
        var seen = See();
        Directory.Delete(Path.Combine(Sessions, "2026"), recursive: true);
        CodexSessions.Put(Path.Combine(Sessions, "2026", "12", "24"), IdAt(LastUse.AddDays(34)));
        Assert.Equal(RolloutState.Unreachable, Locate(seen).State);

        CodexSessions.Put(Path.Combine(Sessions, "2026", "11", "01"), IdAt(Begin.AddDays(-19)));
        Assert.Equal(RolloutState.Gone, Locate(seen).State);
        Assert.Equal(RolloutState.Unreachable, Locate(seen with { Sessions = "0:0:0" }).State);
    }

    [Theory]
    [InlineData("2026/11/19", RolloutState.Gone)]
    [InlineData("2026/11/21", RolloutState.Gone)]
    [InlineData("2026/11/18", RolloutState.Unreachable)]
    public void The_day_of_a_thread_is_that_of_any_time_zone(string day, RolloutState state)
    {
        CodexSessions.Put(Path.Combine(Sessions, day), IdAt(Begin.AddMinutes(-1)));

        Assert.Equal(state, Locate().State);
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

        var found = Locate(new ThreadSighting(Home, LastUse, "0:0:0"));

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(Sessions, found.Problem, StringComparison.Ordinal);
        Assert.NotNull(found.Remedy);
    }

    [Fact]
    public void A_younger_thread_proves_nothing_even_where_the_sessions_are_still_the_same_directory()
    {
        CodexSessions.Put(Day, IdAt(LastUse.AddMinutes(1)));

        Assert.Equal(RolloutState.Unreachable, Locate(new ThreadSighting(Home, LastUse, ThreadSighting.SessionsOf(Home))).State);
    }

    [Fact]
    public void A_thread_of_another_home_is_not_gone_though_this_one_is_full()
    {
        CodexSessions.PutNeighbour(Home, Thread);

        var found = Locate(new ThreadSighting(_home.File("another"), LastUse));

        Assert.Equal(RolloutState.Unreachable, found.State);
        Assert.Contains(_home.File("another"), found.Remedy, StringComparison.Ordinal);
        Assert.Equal(RolloutState.Gone, Locate(new ThreadSighting(Home + "/", LastUse)).State);
    }

    [Fact]
    public void A_thread_whose_id_tells_no_time_is_gone_where_others_are_there()
    {
        var thread = ThreadId.Parse("7b2a6c0e-52c5-4d7e-9a53-0d3c3a6f8e11");
        var locator = new ThreadLocator(Home, TimeProvider.System);
        Assert.Equal(RolloutState.Unreachable, locator.Locate(thread, null).State);

        CodexSessions.PutNeighbour(Home, Thread);
        Assert.Equal(RolloutState.Gone, locator.Locate(thread, null).State);
        Assert.Equal(RolloutState.Unreachable, locator.Locate(thread, new ThreadSighting(Home, Begin.AddDays(-1))).State);
    }

    [Fact]
    public void Whatever_lies_around_a_thread_is_given_up_only_where_the_rule_holds()
    {
        var layouts =
            from day in Gen.Elements(true, false)
            from seesDay in Gen.Elements<bool?>(true, false, null)
            from minutes in Gen.Choose(-500, 500).ArrayOf()
            from isSame in Gen.Elements(true, false)
            from isHome in Gen.Elements(true, false)
            select new Layout(day, seesDay, minutes, isSame, isHome);
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
            layout.IsSame ? ThreadSighting.SessionsOf(Home) : "0:0:0",
            layout.SeesSameDay is { } isSameDay
                ? new RolloutPlace(Day, (isSameDay ? ThreadSighting.IdentityOf(Day) : null) ?? "0:0:1")
                : null
        );
        return Locate(seen).State;
    }

    private static string IdAt(DateTimeOffset begin) => Guid.CreateVersion7(begin).ToString();

    private ThreadWhereabouts Locate(ThreadSighting? seen = null) =>
        new ThreadLocator(Home, TimeProvider.System).Locate(ThreadId.Parse(Thread), seen);

    private ThreadSighting See() => new ThreadLocator(Home, TimeProvider.System).See(ThreadId.Parse(Thread)) with { At = LastUse };

    private sealed record Layout(bool HasDay, bool? SeesSameDay, int[] Others, bool IsSame, bool IsHome)
    {
        public bool IsGone => IsHome && (IsSame && HasDay && SeesSameDay is { } isSameDay ? isSameDay : HasOlder && (IsSame || HasDay));

        private bool HasOlder => Others.Any(minutes => minutes <= 0);
    }
}
