using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Installation;

namespace Plexum.Codex.Host.Units;

public sealed class UnitFileSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("units-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/srv/profile")]
    [InlineData("/srv/a \"quoted\" 100% path\\with everything")]
    public void The_unit_of_a_profile_is_found_by_what_install_has_written(string root)
    {
        Write("plexum-codex.service");
        Write("work.service", KeyValuePair.Create(Profile.RootVariable, root));
        File.WriteAllText(Path.Combine(_folder, "other.service"), "[Service]\nExecStart=/bin/true\n");

        Assert.Equal(["work.service"], Names(root));
        Assert.Equal(["plexum-codex.service"], Names("/home/me/.plexum"));
        Assert.Empty(Names("/elsewhere"));
    }

    private IEnumerable<string> Names(string root) => UnitFile.Of(new Profile(root), _folder, "/home/me").Select(unit => unit.Name);

    private void Write(string name, params KeyValuePair<string, string>[] variables) =>
        File.WriteAllText(Path.Combine(_folder, name), new ServiceUnit("/opt/plexum-codex", variables).Render());
}
