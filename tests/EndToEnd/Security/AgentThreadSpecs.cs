using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>A model's command names another agent's thread in its own workspace. The attacker is alice.</summary>
public sealed class AgentThreadSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Secret = "The secret is aubergine.";

    [Theory]
    [EachBackend]
    public async Task S1_A_model_whose_command_names_another_agent_s_thread_neither_reads_it_nor_writes_into_it(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var victim = (await rig.SayAsync(Secret, "victor")).Said(Secret).Thread!.Value;
        var own = await AttackAsync(rig, victim);

        var recalled = (await rig.SayAsync("!recall")).Succeeded();

        Assert.Equal(own, recalled.Thread);
        Assert.DoesNotContain("aubergine", recalled.Text, StringComparison.Ordinal);
        Assert.Contains("belongs to agent victor", recalled.Notice(NoticeCodes.SessionNotBelieved), StringComparison.Ordinal);
        Assert.Equal(own.ToString(), await File.ReadAllTextAsync(rig.SessionFile()));
        Assert.Equal(victim, (await rig.SayAsync("!recall", "victor")).Said(Secret).Thread);
        Assert.Equal([1, 2], model.Server.RequestsOf(victim).Select(request => request.UserTexts.Count));
    }

    [Theory]
    [EachBackend]
    public async Task S1_A_consume_of_an_agent_whose_command_names_another_agent_s_thread_leaves_that_thread_alone(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var victim = (await rig.SayAsync("!run echo a-long-enough-output\n!say done", "victor")).Said("done").Thread!.Value;
        var calls = model.Server.RequestsOf(victim)[^1].Input.Where(item => item.Type == "function_call").Select(item => item.CallId);
        await AttackAsync(rig, victim);
        var before = await File.ReadAllBytesAsync(rig.RolloutsOf(victim).Single());

        var answer = await rig.ConsumeAsync(CallToConsume.Heavy, calls);

        Assert.Equal(0, Assert.IsType<ConsumeAnswer.Done>(answer).Result.Touched);
        Assert.Equal(before, await File.ReadAllBytesAsync(rig.RolloutsOf(victim).Single()));
    }

    // The file is there once the program has written it; what the command writes then stays.
    private static async Task<ThreadId> AttackAsync(CodexRig rig, ThreadId victim)
    {
        const string Session = SessionFile.Name;
        var command = $"until [ -e {Session} ]; do sleep 0.05; done; printf %s {victim} > {Session}";
        var own = (await rig.SayAsync($"!run {command}\n!say done")).Said("done").Thread!.Value;
        Assert.Equal(victim.ToString(), await File.ReadAllTextAsync(rig.SessionFile()));
        Assert.NotEqual(victim, own);
        return own;
    }
}
