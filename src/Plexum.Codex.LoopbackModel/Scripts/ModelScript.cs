using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Scripts;

/// <summary>
/// Chooses the answer to a request. Called once for each request, on any thread, several at once when several turns run.
/// An exception makes the request fail with status 500 and stands in <see cref="LoopbackModelServer.Refusals"/>.
/// </summary>
public delegate ModelAnswer ModelScript(ModelRequest request);
