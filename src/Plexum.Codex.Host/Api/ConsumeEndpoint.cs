using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>Takes the text of old tool calls out of an agent's thread. The response waits for the agent's turns ahead of it.</summary>
internal sealed class ConsumeEndpoint(DaemonContext daemon)
{
    public async Task ConsumeAsync(HttpContext context)
    {
        var agent = ApiRequest.Agent(context);
        using var document = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false)
            ?? throw new ProblemException(Problem.BadBody(["The document is empty; send a JSON object with \"mutations\"."]));
        var body = ConsumeBody.Read(document.RootElement);

        if (body.Workspace is null && !await IsKnownAsync(agent).ConfigureAwait(false))
        {
            throw new ProblemException(Problem.UnknownAgent(agent));
        }

        // A client that goes away has still asked for it.
        var answer = await daemon
            .Gateway.ConsumeAsync(agent, body.Workspace, body.Calls, ApiRequest.SubmitterOf(context))
            .ConfigureAwait(false);
        switch (answer)
        {
            case ConsumeAnswer.Done { Result: var result }:
                AuditedAction.Of(context)?.End("done");
                var consumed = new ConsumeDocument(result.Touched, result.Requested, result.Warnings);
                await ApiResponse.WriteAsync(context, consumed, ApiJson.Default.ConsumeDocument).ConfigureAwait(false);
                break;
            case ConsumeAnswer.Failed { Failure: var failure }:
                throw new ProblemException(Problem.Of(failure));
            case ConsumeAnswer.NotOpen { State: var state }:
                throw new ProblemException(Problem.Of(state));
        }
    }

    // Turns of an agent may have run without a daemon, by a say or by another program with the same workspace.
    private async Task<bool> IsKnownAsync(AgentId agent)
    {
        var directory = new AgentDirectory(daemon.Profile, agent);
        return await daemon.Ledger.FindAgentAsync(agent).ConfigureAwait(false) is not null
            || await FileWork.Run(() => Directory.Exists(directory.Root)).ConfigureAwait(false);
    }
}
