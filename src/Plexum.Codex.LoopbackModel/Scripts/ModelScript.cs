using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Scripts;

/// <summary>
/// Chooses the answer to a request. Called once per request, on any thread, concurrently for concurrent turns. If it throws, the request
/// fails with status 500, and the exception is added to <see cref="LoopbackModelServer.Refusals"/>.
/// </summary>
public delegate ModelAnswer ModelScript(ModelRequest request);
