using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Profiles;

namespace Plexum.Codex.Host.Api;

/// <summary>Taking the text of old tool calls out of an agent's thread. The answer waits for the turns that stand before it.</summary>
internal sealed class ConsumeEndpoint(DaemonContext daemon)
{
    public async Task ConsumeAsync(HttpContext context)
    {
        var agent = ApiRequest.Agent(context);
        using var document = await ApiRequest.SmallObjectAsync(context).ConfigureAwait(false)
            ?? throw new ProblemException(Problem.BadBody(["The document is empty; send a JSON object with \"mutations\"."]));
        var body = ConsumeBody.Read(document.RootElement);
        if (!daemon.IsReady)
        {
            throw new ProblemException(daemon.IsClosing ? Problem.ShuttingDown : Problem.NotReady);
        }

        var workspace = body.Workspace ?? new AgentDirectory(daemon.Profile, agent).DefaultWorkspace;
        switch (await AskAsync(new AgentProtocol.Consume(agent, workspace, body.Mutations), context).ConfigureAwait(false))
        {
            case AgentProtocol.ConsumeAnswered { Result: var result }:
                var answer = new ConsumeDocument(result.Touched, result.Requested, result.Warnings);
                await ApiResponse.WriteAsync(context, answer, ApiJson.Default.ConsumeDocument).ConfigureAwait(false);
                break;
            case AgentProtocol.ConsumeFailed { Failure: var failure }:
                throw new ProblemException(Problem.Of(failure));
            case var other:
                throw new InvalidOperationException($"The agent answered with a {other.GetType().Name}.");
        }
    }

    private async Task<AgentProtocol.IReply> AskAsync(AgentProtocol.Consume command, HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, daemon.Stopping);
        try
        {
            return await daemon.Registry.Ask<AgentProtocol.IReply>(command, Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (daemon.IsClosing && !context.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(Problem.ShuttingDown);
        }
    }
}
