using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Connections;

public sealed class ConnectionCapsSpecs
{
    private static readonly ConnectionSettings Wanted = new();

    [Fact]
    public void Where_there_are_descriptors_enough_the_settings_hold()
    {
        var caps = ConnectionCaps.Fit(Wanted, 524_288, 64);

        Assert.Equal((1024, 512, 4096), (caps.Tcp, caps.Unauthenticated, caps.Local));
        Assert.Null(caps.Warning);
    }

    [Fact]
    public void With_few_descriptors_the_caps_are_lowered_and_that_is_told()
    {
        var caps = ConnectionCaps.Fit(Wanted, 1024, 32);

        Assert.Equal((128, 64, 128), (caps.Tcp, caps.Unauthenticated, caps.Local));
        Assert.Contains("api.max-connections", caps.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void No_limit_is_no_reason_to_lower_anything() => Assert.Null(ConnectionCaps.Fit(Wanted, long.MaxValue, 64).Warning);

    [Fact]
    public void Whatever_the_limit_is_half_of_it_is_left_and_every_way_in_stays_open()
    {
        var limits = Gen.Choose(16, 1 << 20).ToArbitrary();
        Prop.ForAll(limits, Gen.Choose(1, 4096).ToArbitrary(), Gen.Choose(1, 1 << 20).ToArbitrary(), (descriptors, turns, max) =>
            {
                var caps = ConnectionCaps.Fit(new ConnectionSettings { Max = max, MaxLocal = max }, descriptors, turns);

                Assert.InRange(2 * (caps.Tcp + caps.Local), 4, descriptors - Math.Min(192 + (16 * turns), descriptors / 2));
                Assert.InRange(caps.Unauthenticated, 1, caps.Tcp);
                Assert.InRange(caps.Tcp, 1, max);
                Assert.InRange(caps.Local, 1, max);
            })
            .QuickCheckThrowOnFailure();
    }
}
