using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.LoopbackModel;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Runs one turn with a model on loopback, in a profile and a home of codex's that are there for this turn only.</summary>
internal static class LoopbackTurn
{
    private const string Greeting = "the doctor says hello";

    public static async Task<Finding> RunAsync(CodexBinary binary, IReadOnlyList<string> assignments, CancellationToken cancellationToken)
    {
        using var place = new TemporaryProfile("doctor");
        await using var model = await LoopbackModelServer.StartAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var system = await CodexSystem.StartAsync(place.Settings(model, assignments) with { Binary = binary.Path }).ConfigureAwait(false);
        using var keys = new CancelKeys(system.CancelAll);
        var agent = AgentId.Parse("doctor");
        var answer = await system.SubmitAsync(new TurnRequest(agent, null, null, [TurnMessage.User(Greeting)])).ConfigureAwait(false);
        var problem = answer.Problem;
        var answered = false;
        if (answer is Submission.Accepted { TurnId: var turn })
        {
            await foreach (var line in system.Gateway.ReadAsync(turn, 0, cancellationToken).ConfigureAwait(false))
            {
                if (CanonicalJsonReader.TryRead(line.Json, out _, out var value))
                {
                    answered |= value is CanonicalEvent.TextDelta { Text: Greeting };
                    problem = (value as CanonicalEvent.Error)?.Message ?? problem;
                }
            }
        }

        return answered && problem is null
            ? new Finding("A turn with a model on loopback went well.")
            : new Finding("A turn with a model on loopback failed.", problem ?? "codex gave no answer; run plexum-codex demo and look into its output.");
    }
}
