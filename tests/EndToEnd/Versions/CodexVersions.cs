using Plexum.Codex.LoopbackModel.Codex;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>The codexes that the program must run with: the one it is made for, and the newest one that was served.</summary>
internal static class CodexVersions
{
    public static TheoryData<string> All => new(PinnedCodex.Pinned, PinnedCodex.Newest);

    /// <summary>A rig with one of them.</summary>
    public static CodexRig Rig(LoopbackModelFixture model, string version, params string[] assignments) =>
        new(model.Server, assignments) { Binary = PinnedCodex.Require(version: version) };
}
