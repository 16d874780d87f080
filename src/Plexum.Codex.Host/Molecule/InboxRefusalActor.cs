using Akka.Actor;
using Plexum.Codex.Molecule.Inbox;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// Completes a task when the platform refuses the workspace. Parent: the user guardian; no children; no phases; it cannot fail.
/// </summary>
internal sealed class InboxRefusalActor : ReceiveActor
{
    public InboxRefusalActor(TaskCompletionSource<string> refused) =>
        Receive<InboxProtocol.WorkspaceRefused>(refusal => refused.TrySetResult(refusal.Problem));

    public static Props Props(TaskCompletionSource<string> refused) => Akka.Actor.Props.Create(() => new InboxRefusalActor(refused));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(InboxProtocol.WorkspaceRefused));
}
