using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>The limits of an account, in the forms in which some codex has written them and in others.</summary>
public sealed class RateLimitSpecs
{
    private static readonly DateTimeOffset ResetsAt = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

    [Theory]
    [InlineData("1900000000")]
    [InlineData("1900000000.0")]
    [InlineData("1899999999.25")]
    [InlineData("\"1900000000\"")]
    [InlineData("1900000000000")]
    [InlineData("\"1900000000000\"")]
    [InlineData("\"2030-03-17T17:46:40Z\"")]
    [InlineData("\"2030-03-17T19:46:40.000000000+02:00\"")]
    [InlineData("\"Sun, 17 Mar 2030 17:46:40 GMT\"")]
    public void A_reset_is_read_in_any_form(string json)
    {
        var record = Read($"{{\"used_percent\":100.0,\"window_minutes\":300,\"resets_at\":{json}}}");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, ResetsAt), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("\"100\"", "\"300\"")]
    [InlineData("\"100.0\"", "300.0")]
    [InlineData("1e2", "\"300.2\"")]
    public void Numbers_are_read_as_strings_too(string used, string minutes)
    {
        var record = Read($"{{\"used_percent\":{used},\"window_minutes\":{minutes},\"resets_at\":null}}");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, null), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("resets_in_seconds", "3600")]
    [InlineData("resets_in_seconds", "\"3599.5\"")]
    [InlineData("reset_after_seconds", "3600.0")]
    public void A_reset_may_be_counted_from_the_time_of_the_record(string name, string json)
    {
        var record = Read($"{{\"used_percent\":100,\"{name}\":{json}}}", "\"2030-03-17T16:46:40.000Z\"");

        Assert.Equal(ResetsAt, record.RateLimits!.FreeAgainAt);
    }

    [Theory]
    [InlineData("\"resets_at_ms\":1900000000000")]
    [InlineData("\"reset_time\":\"2030-03-17T17:46:40Z\"")]
    [InlineData("\"resets\":1900000000")]
    [InlineData("\"resets\":\"1h\"")]
    [InlineData("\"resets_in_ms\":3600000")]
    [InlineData("\"resetsInMs\":\"3600000\"")]
    [InlineData("\"resets_in\":3600")]
    [InlineData("\"resets_in\":\"PT1H\"")]
    [InlineData("\"resets_in_seconds\":\"1h0m0s\"")]
    [InlineData("\"resets_after\":\"60m\"")]
    [InlineData("\"reset_after_minutes\":60")]
    [InlineData("\"resets_of_tomorrow\":7,\"resets_at\":1900000000")]
    public void A_reset_is_read_under_any_name(string reset)
    {
        var record = Read($"{{\"used_percent\":100,\"window_minutes\":300,{reset}}}", "\"2030-03-17T16:46:40.000Z\"");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, ResetsAt), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("\"limit_window_seconds\":18000")]
    [InlineData("\"window_seconds\":\"18000\"")]
    [InlineData("\"windowDurationMs\":18000000")]
    [InlineData("\"window_hours\":5")]
    [InlineData("\"window_id\":\"x\",\"window_minutes\":300")]
    public void The_length_of_a_window_is_read_in_any_unit(string length)
    {
        var record = Read($"{{\"used_percent\":1,{length}}}");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 1, null), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("{\"primary_window\":WINDOW,\"secondary_window\":null}", "primary")]
    [InlineData("{\"codex\":{\"primary\":WINDOW}}", "primary")]
    [InlineData("{\"primary\":null,\"secondary\":null,\"tertiary\":WINDOW}", "other")]
    [InlineData("{\"windows\":[7,{\"used_percent\":1},WINDOW]}", "other")]
    [InlineData("{\"primary\":{\"used_percent\":1},\"codex_other\":{\"primary\":WINDOW}}", "other")]
    [InlineData("{\"primary\":null,\"individual_limit\":LIMIT,\"spend_control_reached\":true,\"credits\":{\"balance\":\"0\"}}", "other")]
    public void A_window_is_read_under_any_name_wherever_it_stands(string limits, string slot)
    {
        limits = limits
            .Replace("WINDOW", "{\"used_percent\":100,\"resets_at\":1900000000}", StringComparison.Ordinal)
            .Replace(
                "LIMIT",
                "{\"limit\":\"100\",\"used\":\"100\",\"remaining_percent\":0,\"resets_at\":1900000000}",
                StringComparison.Ordinal
            );

        var record = ReadAll(limits);

        Assert.Equal(ResetsAt, record.RateLimits!.FreeAgainAt);
        Assert.Equal(ResetsAt, (slot == "primary" ? record.RateLimits.Primary : record.RateLimits.Other)!.ResetsAt);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("{\"credits\":{\"has_credits\":true,\"balance\":\"0\",\"resets_at\":null},\"plan_type\":\"pro\"}", null)]
    [InlineData("{\"tertiary\":{\"resets_at\":1900000000}}", "used_percent")]
    [InlineData("{\"primary_window\":[1]}", "primary_window")]
    public void What_is_no_window_is_passed_over_and_what_may_be_one_is_told(string limits, string? problem)
    {
        var record = ReadAll(limits);

        Assert.Null(record.RateLimits);
        Assert.Equal(problem, record.RateLimitProblem);
    }

    [Theory]
    [InlineData("{\"used_percent\":100,\"resets_at\":\"2030-03-17\"}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_next\":5}", "resets_next")]
    [InlineData("{\"used_percent\":100,\"resets_in_fortnights\":1}", "resets_in_fortnights")]
    [InlineData("{\"used_percent\":100,\"resets_in\":\"P1M\"}", "resets_in")]
    [InlineData("{\"used_percent\":100,\"window_fortnights\":1}", "window_fortnights")]
    [InlineData("{\"remaining_percent\":\"little\"}", "used_percent")]
    [InlineData("{\"used_percent\":100,\"resets_at\":\"soon\"}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":0}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":{\"secs\":1}}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_in_seconds\":-1}", "resets_in_seconds")]
    [InlineData("{\"used_percent\":\"much\"}", "used_percent")]
    [InlineData("{\"used_percent\":1,\"window_minutes\":\"5h\"}", "window_minutes")]
    [InlineData("\"all\"", "primary")]
    [InlineData("[1]", "primary")]
    [InlineData("{\"resets_at\":1900000000}", "used_percent")]
    [InlineData("{\"used_percent\":null,\"resets_at\":1900000000}", "used_percent")]
    [InlineData("{\"used\":100}", "used_percent")]
    [InlineData("{\"used_percent\":100,\"resets_at\":3600}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":\"1999-12-31T23:59:59Z\"}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":5400000000}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":9999999999999999999}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_in_seconds\":4000000000}", "resets_in_seconds")]
    public void What_cannot_be_read_is_named(string primary, string field) => Assert.Equal(field, Read(primary).RateLimitProblem);

    [Theory]
    [InlineData("{\"usedPercent\":100,\"windowMinutes\":300,\"resetsAt\":1900000000}")]
    [InlineData("{\"usedPercent\":100,\"windowDurationMins\":300,\"resetsAt\":1900000000}")]
    [InlineData("{\"used_percent\":100,\"window_minutes\":300,\"resetsAt\":\"2030-03-17T17:46:40Z\"}")]
    public void The_names_of_the_app_server_are_read_too(string primary)
    {
        var record = Read(primary);

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, ResetsAt), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Fact]
    public void A_window_that_does_not_say_how_much_is_used_is_none()
    {
        Assert.Null(Read("{\"resets_at\":1900000000}").RateLimits);
        Assert.Null(Read("{}").RateLimits);
    }

    [Fact]
    public void A_time_is_not_judged_by_a_record_s_own_that_cannot_be_read() =>
        Assert.Null(Read("{\"used_percent\":100,\"resets_at\":2200000000}", "\"t\"").RateLimitProblem);

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("1,")]
    public void A_record_that_is_no_json_is_told_unless_a_later_one_can_be_read(string used)
    {
        var (broken, whole) = (Record($"{{\"used_percent\":{used}}}"), Record("{\"used_percent\":1}"));

        Assert.Equal("token_count", ProblemOf(broken));
        Assert.Equal("token_count", ProblemOf(whole, broken));
        Assert.Null(ProblemOf(broken, whole));
        Assert.Null(ProblemOf(broken.Replace("token_count", "of_tomorrow", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"used_percent\":null,\"window_minutes\":null,\"resets_at\":null}")]
    public void What_is_missing_is_no_problem(string primary) => Assert.Null(Read(primary).RateLimitProblem);

    [Fact]
    public void A_value_is_understood_or_named_and_never_lost()
    {
        var texts = Gen.Choose(0, 0xFFFF).Select(value => (char)value).ArrayOf().Select(text => JsonSerializer.Serialize(new string(text)));
        var numbers = Gen.Choose(int.MinValue, int.MaxValue).Select(value => $"{value}");
        var others = Gen.Elements("true", "false", "{}", "[]", "[1,2]", "{\"a\":\"b\"}", "1e400", "-0", "0.0");
        Prop.ForAll(Gen.OneOf(texts, numbers, others).ToArbitrary(), json =>
            {
                var record = Read($"{{\"used_percent\":100,\"resets_at\":{json}}}");
                return record.RateLimits is { Primary.ResetsAt: not null } ^ record.RateLimitProblem == "resets_at";
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static (RateLimits? RateLimits, string? RateLimitProblem) Read(
        string primary,
        string written = "\"2026-11-29T10:00:00.000Z\""
    ) => ReadRecord(Record(primary, written));

    private static (RateLimits? RateLimits, string? RateLimitProblem) ReadAll(string limits) =>
        ReadRecord(Record("null").Replace("{\"primary\":null,\"secondary\":null}", limits, StringComparison.Ordinal));

    private static (RateLimits? RateLimits, string? RateLimitProblem) ReadRecord(string text)
    {
        var record = RolloutRecordReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(RolloutRecordKind.Tokens, record.Kind);
        return (record.RateLimits, record.RateLimitProblem);
    }

    private static string Record(string primary, string written = "\"2026-11-29T10:00:00.000Z\"") =>
        $"{{\"timestamp\":{written},\"type\":\"event_msg\",\"payload\":{{\"type\":\"token_count\",\"info\":null,"
        + $"\"rate_limits\":{{\"primary\":{primary},\"secondary\":null}}}}}}";

    private static string? ProblemOf(params string[] records)
    {
        using var directory = new TemporaryDirectory();
        using var file = File.OpenHandle(directory.Write("rollout", string.Join('\n', records)));
        return RolloutReading.Of(file, 0, RandomAccess.GetLength(file), new RolloutLimits()).RateLimitProblem;
    }
}
