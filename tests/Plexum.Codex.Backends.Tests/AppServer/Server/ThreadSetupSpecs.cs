using System.Text.Json.Nodes;

namespace Plexum.Codex.AppServer.Server;

/// <summary>When a loaded thread is loaded anew.</summary>
public sealed class ThreadSetupSpecs
{
    [Fact]
    public void A_profile_with_another_name_is_the_same_and_one_with_other_paths_is_not()
    {
        var first = Confined("plexum-1", "/home/a/.ssh");

        Assert.Equal(first.Fingerprint, Confined("plexum-2", "/home/a/.ssh").Fingerprint);
        Assert.NotEqual(first.Fingerprint, Confined("plexum-1", "/home/a/.aws").Fingerprint);
        Assert.NotEqual(first.Fingerprint, (first with { SecretName = null }).Fingerprint);
    }

    private static ThreadSetup Confined(string name, string denied) =>
        new("/workspace")
        {
            Config = new JsonObject
            {
                [$"permissions.{name}"] = new JsonObject { ["filesystem"] = new JsonObject { [denied] = "deny" } },
                ["default_permissions"] = name,
            },
            SecretName = name,
        };
}
