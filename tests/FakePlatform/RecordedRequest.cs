namespace Plexum.Codex.Molecule;

/// <summary>A request that reached the platform.</summary>
/// <param name="At">When, by the platform's clock.</param>
/// <param name="Name">Its method and path, as <c>POST /registry/heartbeat</c>.</param>
/// <param name="Query">Its query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
/// <param name="WasHandled">Whether it had its effect, whatever was answered.</param>
/// <param name="Status">The status that it was answered with, or would have been.</param>
public sealed record RecordedRequest(
    DateTimeOffset At,
    string Name,
    IReadOnlyDictionary<string, string> Query,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    bool WasHandled,
    int Status
);
