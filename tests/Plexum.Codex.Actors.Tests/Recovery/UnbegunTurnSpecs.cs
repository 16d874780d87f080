using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>Turns that an earlier program recorded as started, and that codex never began.</summary>
public sealed class UnbegunTurnSpecs : RecoveryTestKit
{
    private readonly ScriptedBackend _backend = new() { Script = ["hang"], BeginsAgain = true };

    protected override ICodexBackend Backend => _backend;

    [Fact]
    public void They_are_started_as_they_would_have_been_and_have_one_beginning()
    {
        var turn = Submit("hello");
        Eventually(() => Assert.Equal(1, _backend.Waiting));
        LeaveAgents();
        _backend.Script = ["thread", "say done", "completed"];

        Recover(turn);

        Assert.Equal(["done"], Ended(turn).Texts);
        Assert.Single(turn.Events.OfType<CanonicalEvent.MessageStart>());
        Assert.Equal(["hello", "hello"], _backend.Starts.Select(start => start.Prompt.Text));
    }
}
