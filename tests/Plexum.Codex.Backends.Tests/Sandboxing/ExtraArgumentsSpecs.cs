using Xunit;

namespace Plexum.Codex.Sandboxing;

public sealed class ExtraArgumentsSpecs
{
    [Theory]
    [InlineData("--dangerously-bypass-approvals-and-sandbox")]
    [InlineData("--add-dir", "/home")]
    [InlineData("--add-dir=/home")]
    [InlineData("-s", "danger-full-access")]
    [InlineData("-sdanger-full-access")]
    [InlineData("--sandbox=workspace-write")]
    [InlineData("-p", "mine")]
    [InlineData("-c", "sandbox_mode=\"danger-full-access\"")]
    [InlineData("-csandbox_workspace_write.network_access=true")]
    [InlineData("--config", "\"permissions\".x={}")]
    [InlineData("--config=default_permissions=\":danger-full-access\"")]
    [InlineData("-c", "approval_policy=\"on-request\"")]
    public void What_could_allow_more_is_found(params string[] arguments) =>
        Assert.NotNull(ExtraArguments.FindLoosening(["--enable", "x", .. arguments]));

    [Theory]
    [InlineData("-c", "model=\"sandbox_mode\"")]
    [InlineData("--config", "model_reasoning_effort=\"high\"")]
    [InlineData("--enable", "permissions")]
    [InlineData("-c")]
    public void Anything_else_is_left_alone(params string[] arguments) => Assert.Null(ExtraArguments.FindLoosening([.. arguments]));
}
