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
        var turn = system.Submit(new TurnRequest(
            agent, new AgentDirectory(system.Services.Profile, agent).DefaultWorkspace, null, [TurnMessage.User(Greeting)]));
        var problem = (await turn.Refusal.ConfigureAwait(false))?.Message;
        var answered = false;
        if (problem is null)
        {
            await foreach (var line in turn.ReadAsync(cancellationToken).ConfigureAwait(false))
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
