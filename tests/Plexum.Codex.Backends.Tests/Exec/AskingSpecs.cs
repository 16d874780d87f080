using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Options;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec;

/// <summary>A turn in which codex is to ask, and that exec is to run all the same.</summary>
public sealed class AskingSpecs : AgentTestKit
{
    protected override ICodexBackend Backend => new Mistaken(base.Backend);

    [Fact]
    public void Exec_does_not_start_codex_for_a_turn_in_which_it_is_to_ask()
    {
        Settings = Settings with { Approvals = new ApprovalSettings { Policy = ApprovalPolicy.OnRequest } };

        var error = Submit("hi").Ended(StopReason.Error).Error!;

        Assert.Equal(("approvals_unsupported", TurnErrorClass.Request, false), (error.Code, error.Class, error.Retryable));
        Assert.Empty(Stage.Calls);
    }

    private sealed class Mistaken(ICodexBackend exec) : ICodexBackend
    {
        public Task<BackendChoice> ChooseAsync(BackendTurn turn) => Task.FromResult(new BackendChoice(BackendKind.AppServer));

        public bool IsToBeExec(BackendTurn turn) => false;

        public IBackendRun NewRun(BackendTurn turn) => exec.NewRun(turn);

        public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) => exec.FindAsync(turn, threadWasLost);
    }
}
