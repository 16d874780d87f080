namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>The real service would not accept the request, or would not give the script's answer.</summary>
internal sealed class RequestRefusedException(string message) : Exception(message);
