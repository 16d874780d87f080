using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>
/// Turns that are not measured: what goes on from turn to turn is measured as it goes on, not as it begins. The runtimes of this program,
/// of the other ones and of the clients compile what runs often while they run; this program has done that after some 250 turns.
/// </summary>
internal static class WarmUp
{
    /// <summary>Runs them.</summary>
    /// <param name="stage">Where it works.</param>
    /// <param name="driver">What runs them.</param>
    /// <param name="agents">The agents, which run theirs at once.</param>
    public static Task RunAsync(WarmStage stage, IDriver driver, IReadOnlyList<string> agents)
    {
        var turns = stage.Options.Number(driver.IsWarm ? 400 : 5, 2) / agents.Count;
        return Task.WhenAll(agents.Select(RunAsync));

        async Task RunAsync(string agent)
        {
            for (var turn = 0; turn < turns; turn++)
            {
                await driver.RunAsync(agent, PacedModel.Prompt);
            }
        }
    }
}
