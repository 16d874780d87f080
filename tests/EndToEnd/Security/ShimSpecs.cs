using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>codex is a version manager's shim, which starts the program that a file in its directory names, as asdf does.</summary>
public sealed class ShimSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Choice = ".versions-of-spec";

    [Theory]
    [EachBackend]
    public async Task A_command_in_a_sandbox_does_not_choose_the_next_program_and_codex_works_in_the_workspace(BackendKind backend)
    {
        using var place = new TemporaryDirectory();
        Script(place, "evil", $"touch '{place.File("escaped")}'; exec '{CodexRig.Codex}' \"$@\"");
        Script(place, "codex", $"[ ! -e {Choice} ] || exec \"$(cat {Choice})\" \"$@\"; exec '{CodexRig.Codex}' \"$@\"");
        await using var rig = new CodexRig(model.Server, backend, "codex.sandbox=workspace-write") { Binary = place.File("codex") };

        var first = (await rig.SayAsync($"!run printf %s '{place.File("evil")}' > {Choice}; pwd\n!outputs")).Succeeded();
        var second = (await rig.SayAsync($"!run pwd; cat {Choice}\n!outputs")).Succeeded();

        Assert.False(File.Exists(place.File("escaped")));
        Assert.Equal(first.Thread, second.Thread);
        Assert.Contains(rig.Workspace(), first.Text, StringComparison.Ordinal);
        Assert.Contains(rig.Workspace(), second.Text, StringComparison.Ordinal);
        Assert.Contains(place.File("evil"), second.Text, StringComparison.Ordinal);
    }

    private static void Script(TemporaryDirectory place, string name, string script) =>
        File.SetUnixFileMode(
            place.Write(name, $"#!/bin/sh\n{script}\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
}
