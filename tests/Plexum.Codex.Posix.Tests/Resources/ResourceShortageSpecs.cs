namespace Plexum.Codex.Posix.Resources;

public sealed class ResourceShortageSpecs
{
    [Theory]
    [InlineData(24, "ulimit -n")]
    [InlineData(11, "ulimit -u")]
    [InlineData(28, "Free some space")]
    public void A_shortage_has_its_own_remedy(int error, string remedy) =>
        Assert.Contains(remedy, ResourceShortage.Remedy(error), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(13)]
    public void What_is_no_shortage_has_none(int error) => Assert.Null(ResourceShortage.Remedy(error));
}
