namespace Plexum.Codex.Host.Installation;

public sealed class LastingPathSpecs : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    public LastingPathSpecs()
    {
        foreach (var directory in new[] { "versions/v22/bin", "run/user", "state/fnm_multishells" })
        {
            Directory.CreateDirectory(_place.File(directory));
        }
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("current-system")]
    [InlineData("state/current")]
    public void A_link_that_a_package_manager_moves_with_an_update_is_kept(string link)
    {
        Directory.CreateSymbolicLink(_place.File(link), _place.File("versions/v22"));

        Assert.Equal(_place.File($"{link}/bin/codex"), Of($"{link}/bin/codex"));
    }

    [Theory]
    [InlineData("run/user/fnm")]
    [InlineData("state/fnm_multishells/1_2")]
    public void A_link_that_goes_with_a_shell_or_a_login_gives_way_to_what_it_leads_to(string link)
    {
        Directory.CreateSymbolicLink(_place.File(link), _place.File("versions/v22"));

        Assert.Equal(_place.File("versions/v22/bin/codex"), Of($"{link}/bin/codex"));
    }

    [Theory]
    [InlineData("/run/current-system/sw/bin/codex")]
    [InlineData("/run/user/0/no-such-directory/codex")]
    public void What_leads_nowhere_else_stays(string program) => Assert.Equal(program, LastingPath.Of(program, null));

    private string Of(string program) => LastingPath.Of(_place.File(program), _place.File("run/user"));
}
