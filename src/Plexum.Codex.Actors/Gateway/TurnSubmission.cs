using Akka.Actor;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Gateway;

/// <summary>A turn to be submitted.</summary>
/// <param name="Request">What is asked. A missing workspace becomes the one that the agent has on record.</param>
/// <param name="Submitter">Who asks, which decides where the turn may work.</param>
/// <param name="IdempotencyKey">
/// The submitter's own name for the request, unique within the agent; null for none. Only a submission with a key is safe to repeat.
/// </param>
/// <param name="ToolHandler">
/// Gets the calls of the request's tools, as <see cref="Tools.ToolBridgeProtocol.CallTool"/>; null for the program's default handler.
/// </param>
public sealed record TurnSubmission(TurnRequest Request, Submitter Submitter, string? IdempotencyKey = null, IActorRef? ToolHandler = null);
