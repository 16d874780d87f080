namespace Plexum.ActorKernel.Bench.Results;

/// <summary>One number that one process measured.</summary>
internal sealed record Figure(string Name, double Value, string Unit);
