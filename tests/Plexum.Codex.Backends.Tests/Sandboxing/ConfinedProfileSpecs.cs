using Xunit;

namespace Plexum.Codex.Sandboxing;

public sealed class ConfinedProfileSpecs
{
    [Theory]
    [InlineData(false, "false")]
    [InlineData(true, "true")]
    public void It_extends_codex_s_own_and_denies_every_path(bool network, string enabled)
    {
        var profile = new ConfinedProfile(["/home/a \"b\"/.ssh", "/p"], network);

        Assert.Equal(
            [
                $"permissions.{profile.Name}={{extends=\":workspace\",filesystem={{\"/home/a \\\"b\\\"/.ssh\"=\"deny\",\"/p\"=\"deny\"}},"
                    + $"network={{enabled={enabled}}}}}",
                $"default_permissions=\"{profile.Name}\"",
                "approval_policy=\"never\"",
                "features.multi_agent=false",
            ],
            profile.Overrides.AsEnumerable()
        );
    }

    [Fact]
    public void No_two_profiles_have_one_name() =>
        Assert.NotEqual(new ConfinedProfile([], false).Name, new ConfinedProfile([], false).Name);
}
