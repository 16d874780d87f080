using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Runs one turn against a loopback model, in a temporary profile and a temporary home of codex.</summary>
internal static class LoopbackTurn
{
    private const string Greeting = "the doctor says hello";

    public static async Task<Finding> RunAsync(CodexBinary binary, IReadOnlyList<string> assignments, CancellationToken cancellationToken)
    {
        using var place = new TemporaryProfile("doctor");
        await using var model = await LoopbackModelServer.StartAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var system = await CodexSystem
            .StartAsync(place.Settings(model, assignments) with { Binary = binary.Path })
            .ConfigureAwait(false);
        using var keys = new CancelKeys(system.CancelAll);
        var agent = AgentId.Parse("doctor");
        var answer = await system.SubmitAsync(new TurnRequest(agent, null, null, [TurnMessage.User(Greeting)])).ConfigureAwait(false);
        var problem = answer.Problem;
        var (messages, answered) = (new WholeMessages(), false);
        if (answer is Submission.Accepted { TurnId: var turn })
        {
            await foreach (var line in system.Gateway.ReadAsync(turn, 0, cancellationToken).ConfigureAwait(false))
            {
                if (CanonicalJsonReader.TryRead(line.Json, out _, out var value))
                {
                    answered |= messages.Take(value).Contains(Greeting);
                    problem = (value as CanonicalEvent.Error)?.Message ?? problem;
                }
            }
        }

        return answered && problem is null
            ? new Finding("A turn against a loopback model succeeded.")
            : new Finding(
                "A turn against a loopback model failed.",
                problem ?? "codex gave no answer; run plexum-codex demo and check its output."
            );
    }
}
