namespace Plexum.Codex.Host.Api.Http;

/// <summary>Ends a request with a problem document.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}
