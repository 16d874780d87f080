namespace Plexum.Codex.Molecule;

/// <summary>What is asked of a request's headers.</summary>
internal static class Guards
{
    private static readonly string[] OfNoOrganisation = ["/health", "/metrics", "/registry/register", "/registry/heartbeat"];

    /// <summary>What stands before all endpoints: the edge, the organisation, the limit of requests.</summary>
    public static Answer? Stop(FakePlatform platform, PlatformRequest request)
    {
        // The edge says nothing at all to those that it does not know.
        if (request.Headers.GetValueOrDefault("Origin") != platform.Url)
        {
            return new Answer(404, null);
        }

        if (!platform.State.Admit())
        {
            return Answer.Error(429, "rate limit exceeded") with { RetryAfter = 60 };
        }

        return
            platform.Options.OrganisationId is { } organisation
            && !OfNoOrganisation.Contains(request.Path)
            && request.Headers.GetValueOrDefault("X-Molecule-Org-Id") != organisation
            ? Answer.Error(404, "not found")
            : null;
    }

    /// <summary>Whether the request's token is one of the workspace's.</summary>
    public static bool Owns(FakeWorkspace workspace, PlatformRequest request) =>
        request.Headers.TryGetValue("Authorization", out var value)
        && value.StartsWith("Bearer ", StringComparison.Ordinal)
        && workspace.Tokens.Contains(value["Bearer ".Length..]);
}
