using System.Globalization;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon's time zone. At any time, one of the two has another date than UTC.</summary>
public sealed class TimeZoneSpecs() : DaemonProcessTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task What_is_kept_and_told_is_the_same_in_every_time_zone_and_after_a_change()
    {
        var begin = DateTimeOffset.UtcNow;
        Stage["TZ"] = "Pacific/Kiritimati";
        await Daemon.StartAsync();
        var first = await Daemon.Api.SubmitAsync("1");
        await Daemon.Api.EndedAsync(first);
        await Daemon.StopAsync();
        Stage["TZ"] = "Pacific/Pago_Pago";
        await Daemon.StartAsync();
        var second = await Daemon.Api.SubmitAsync("2");
        var turns = new[] { await Daemon.Api.EndedAsync(first), await Daemon.Api.EndedAsync(second) };
        var end = DateTimeOffset.UtcNow;

        var moments = turns
            .SelectMany(turn => new[] { "accepted_at", "started_at", "ended_at" }.Select(name => (string)turn[name]!))
            .Select(text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture))
            .ToList();
        DateTimeOffset[] all = [begin.AddSeconds(-1), .. moments, end.AddSeconds(1)];
        Assert.Equal(all.Order(), all);
        Assert.Equal((string)turns[0]["thread_id"]!, (string)turns[1]["thread_id"]!);
        var listed = (await Daemon.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray();
        Assert.Equal([second, first], listed.Select(turn => (string)turn!["turn_id"]!));
        var days = (await Daemon.Api.JsonAsync($"/v1/usage?from={begin:yyyy-MM-dd}&to={end:yyyy-MM-dd}"))["days"]!.AsArray();
        Assert.Equal(2, days.Sum(day => (int)day!["turns"]!));
    }
}
