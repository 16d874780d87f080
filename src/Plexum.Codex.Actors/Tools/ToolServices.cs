using Plexum.Codex.Backend;

namespace Plexum.Codex.Tools;

/// <summary>What every <see cref="ToolBridgeActor"/> of a process needs.</summary>
/// <param name="Profile">The root of the profile.</param>
/// <param name="Settings">The limits of calls.</param>
/// <param name="Relay">The program that codex starts to reach the tools.</param>
/// <param name="Time">The clock.</param>
internal sealed record ToolServices(string Profile, ToolSettings Settings, RelayProgram Relay, TimeProvider Time);
