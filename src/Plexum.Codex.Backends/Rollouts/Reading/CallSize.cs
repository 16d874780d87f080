namespace Plexum.Codex.Rollouts.Reading;

/// <summary>A tool call and its size in the rollout, which is roughly what the model is sent of it in every turn.</summary>
/// <param name="Id">codex's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Namespace">The MCP server's namespace, or null.</param>
/// <param name="ArgumentBytes">The size of its arguments.</param>
/// <param name="OutputBytes">The size of its output; null when there is none.</param>
/// <param name="SavedByLight">How many bytes fewer the model is sent after <c>consume-light</c>.</param>
/// <param name="SavedByHeavy">How many bytes fewer after <c>consume-heavy</c>.</param>
public sealed record CallSize(
    string Id,
    string Name,
    string? Namespace,
    int ArgumentBytes,
    int? OutputBytes,
    int SavedByLight,
    int SavedByHeavy
)
{
    // The markers with their quotes, and the two braces of empty arguments.
    private const int LightMarker = 15;
    private const int HeavyMarker = 18;
    private const int NoArguments = 2;

    internal static CallSize Of(RecordedCall call)
    {
        // codex insists on the shape of the old shell call's action, so it stays.
        var arguments = call.Name == "local_shell" ? 0 : Math.Max(0, call.ArgumentBytes - NoArguments);
        return new CallSize(
            call.Id,
            call.Name,
            call.Namespace,
            call.ArgumentBytes,
            call.Output is null ? null : call.OutputBytes,
            Math.Max(0, call.OutputBytes - LightMarker),
            Math.Max(0, call.OutputBytes - HeavyMarker) + arguments
        );
    }
}
