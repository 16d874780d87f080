namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>The request, or the script's answer to it, is not what the real service would take or give.</summary>
internal sealed class RequestRefusedException(string message) : Exception(message);
