using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Api;

/// <summary>Lists what should page an operator.</summary>
internal sealed class ProblemsEndpoint(DaemonContext daemon)
{
    /// <summary>The problems that stand. A write in the profile is tried and its room looked at, so that it is true now.</summary>
    public static async Task<ImmutableArray<StandingProblem>> FindAsync(DaemonContext daemon)
    {
        await Task.WhenAll(daemon.Health.TryWriteAsync(), daemon.Health.LookAtRoomAsync()).ConfigureAwait(false);
        return await daemon.Actors.ProblemsAsync().ConfigureAwait(false);
    }

    /// <summary>Their documents.</summary>
    public static ImmutableArray<StandingProblemDocument> Describe(ImmutableArray<StandingProblem> standing) =>
        [
            .. standing.Select(problem => new StandingProblemDocument(
                problem.Kind.Code,
                problem.Message,
                problem.Kind.Remedy,
                problem.Since
            )),
        ];

    public async Task GetAsync(HttpContext context)
    {
        var document = new StandingProblemsDocument(Describe(await FindAsync(daemon).ConfigureAwait(false)));
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.StandingProblemsDocument).ConfigureAwait(false);
    }
}
