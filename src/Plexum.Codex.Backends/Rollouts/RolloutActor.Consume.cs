using Akka.Actor;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Rollouts;

public sealed partial class RolloutActor
{
    private readonly ThreadRewrite _consumption;

    // The work outside the actor holds the locks, so they are released even if this actor is stopped meanwhile.
    private async Task OnConsume(RolloutProtocol.Consume message)
    {
        var sender = Sender;
        RolloutProtocol.IConsumeAnswer answer;
        try
        {
            answer = new RolloutProtocol.Consumed(
                message.Operation,
                await FileWork.Run(() => _consumption.RunAsync(message.Agent, message.Workspace, message.Calls))
            );
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            var reason = e switch
            {
                AgentBusyException => ConsumeFailureReason.AgentBusy,
                ThreadBusyException => ConsumeFailureReason.ThreadBusy,
                _ => ConsumeFailureReason.Rollout,
            };
            answer = new RolloutProtocol.NotConsumed(message.Operation, new ConsumeFailure(reason, e.Message));
        }

        sender.Tell(answer);
    }
}
