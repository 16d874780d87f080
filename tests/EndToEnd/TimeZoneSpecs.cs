using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// codex names rollouts and their folders by local time, but thread ids by UTC (measured on 0.169.0 and 0.171.0). At any time, one of
/// the first two zones has another date than UTC.
/// </summary>
public sealed class TimeZoneSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    [EachBackend("Pacific/Pago_Pago", "Pacific/Kiritimati")]
    [EachBackend("America/St_Johns", "Asia/Kathmandu")]
    [EachBackend("UTC", "America/St_Johns")]
    public async Task A_thread_goes_on_with_its_calls_told_when_the_time_zone_changes(BackendKind backend, string first, string second)
    {
        var variables = new Dictionary<string, string> { ["TZ"] = first };
        await using var rig = new CodexRig(model.Server, backend) { MoreVariables = variables };
        var begun = (await OfProgramAsync(rig, "!run echo one\n!say one")).Said("one");
        var rollout = rig.RolloutsOf(begun.Thread).Single();
        Assert.Equal(OffsetOf(first, begun), Math.Round((LocalTimeOf(rollout) - BeginOf(begun)).TotalMinutes));

        variables["TZ"] = second;
        var next = (await OfProgramAsync(rig, "!run echo two\n!say two")).Said("two");
        var consumed = await rig.ConsumeAsync(CallToConsume.Heavy, CallOf(begun).Id, CallOf(next).Id);

        Assert.Equal((begun.Thread, rollout), (next.Thread, rig.RolloutsOf(begun.Thread).Single()));
        Assert.Equal(("""{"cmd":"echo one"}""", """{"cmd":"echo two"}"""), (CallOf(begun).Arguments, CallOf(next).Arguments));
        Assert.Equal(2, Assert.IsType<ConsumeAnswer.Done>(consumed).Result.Touched);
        Assert.Equal(begun.Thread, (await rig.SayAsync("three")).Said("three").Thread);
    }

    // A program has the time zone with which it began, and so has its warm codex.
    private static async Task<Rig.FinishedTurn> OfProgramAsync(CodexRig rig, string prompt)
    {
        await using var system = rig.StartSystem();
        return await rig.Begin(prompt, system: system).EndAsync();
    }

    private static CanonicalEvent.ToolCall CallOf(Rig.FinishedTurn turn) => Assert.Single(turn.Events.OfType<CanonicalEvent.ToolCall>());

    private static double OffsetOf(string zone, Rig.FinishedTurn turn) =>
        TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(BeginOf(turn)).TotalMinutes;

    // Its id is a UUID of version 7, which begins with the milliseconds since 1970.
    private static DateTime BeginOf(Rig.FinishedTurn turn) =>
        DateTime.UnixEpoch.AddMilliseconds(
            long.Parse($"{turn.Thread!.Value.Value:N}"[..12], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );

    private static DateTime LocalTimeOf(string rollout)
    {
        var name = Path.GetFileName(rollout);
        var time = DateTime.ParseExact(name["rollout-".Length..][..19], "yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture);
        Assert.Equal(time.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture), string.Join('/', rollout.Split('/')[^4..^1]));
        return time;
    }
}
