using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>The codexes that the program must run with: the one it is made for, and the newest one that was served.</summary>
internal static class CodexVersions
{
    /// <summary>Each of them with each backend.</summary>
    public static TheoryData<BackendKind, string> OnEachBackend => Backends.Each([PinnedCodex.Pinned, PinnedCodex.Newest]);

    /// <summary>A rig with one of them.</summary>
    public static CodexRig Rig(LoopbackModelFixture model, BackendKind backend, string version, params string[] assignments) =>
        new(model.Server, backend, assignments) { Binary = PinnedCodex.Require(version: version) };
}
