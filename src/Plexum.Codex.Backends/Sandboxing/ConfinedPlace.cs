using System.Collections.Immutable;

namespace Plexum.Codex.Sandboxing;

/// <summary>Where a confined turn runs.</summary>
/// <param name="Workspace">The absolute path of the directory in which codex works.</param>
/// <param name="CodexHome">Codex's home, which has its secrets and the threads of all agents.</param>
/// <param name="Program">The absolute path of codex, without links.</param>
/// <param name="Homes">What <c>~</c> stands for.</param>
internal sealed record ConfinedPlace(string Workspace, string CodexHome, string Program, ImmutableArray<string> Homes);
