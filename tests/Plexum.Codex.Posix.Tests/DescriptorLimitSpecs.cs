using System.Globalization;

namespace Plexum.Codex.Posix;

public sealed class DescriptorLimitSpecs
{
    [Fact]
    public void The_limit_is_raised_as_far_as_it_may_be()
    {
        var limit = DescriptorLimit.Raise();

        // Max open files            1024                 524288               files
        var words = File.ReadLines("/proc/self/limits")
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (soft, hard) = (words[3], words[4]);
        Assert.Equal(hard, soft);
        Assert.Equal(hard == "unlimited" ? long.MaxValue : long.Parse(hard, CultureInfo.InvariantCulture), limit);
    }
}
