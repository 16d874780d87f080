using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sandboxing;

public sealed class UserPermissionsSpecs : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("default_permissions = \"mine\"\n[permissions.mine]\nextends = \":read-only\"\n", "default_permissions = \"mine\"")]
    [InlineData("sandbox_mode = 'read-only'\n", "sandbox_mode = \"read-only\"")]
    [InlineData("default_permissions = \"mine\"\nsandbox_mode = \"read-only\"\n", "sandbox_mode = \"read-only\"")]
    public void They_are_found_in_the_user_s_file(string config, string expected)
    {
        var file = _home.Write("config.toml", config);

        Assert.Equal($"{expected} in {file}", UserPermissions.Find(_home.Root)?.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("# default_permissions = \"mine\"\n[profiles.x]\nsandbox_mode = \"read-only\"\n")]
    public void A_file_without_them_has_none(string config)
    {
        _home.Write("config.toml", config);

        Assert.Null(UserPermissions.Find(_home.Root));
    }

    [Theory]
    [InlineData("sandbox_mode", "danger-full-access", CodexSandbox.None)]
    [InlineData("default_permissions", ":danger-full-access", CodexSandbox.None)]
    [InlineData("sandbox_mode", "workspace-write", CodexSandbox.WorkspaceWrite)]
    [InlineData("default_permissions", ":workspace", CodexSandbox.WorkspaceWrite)]
    [InlineData("sandbox_mode", "read-only", CodexSandbox.ReadOnly)]
    [InlineData("default_permissions", ":read-only", CodexSandbox.ReadOnly)]
    [InlineData("default_permissions", "mine", null)]
    public void Every_sandbox_replaces_them_but_inherit_and_the_one_that_means_the_same(string key, string value, CodexSandbox? same)
    {
        var permissions = new UserPermissions("config.toml", key, value);

        Assert.All(Enum.GetValues<CodexSandbox>(), sandbox =>
            Assert.Equal(sandbox != CodexSandbox.Inherit && sandbox != same, permissions.IsReplacedBy(sandbox))
        );
    }
}
