using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

/// <summary>Tests that look at the memory of the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests
{
    /// <summary>The name that such tests give as their collection.</summary>
    public const string Name = "memory";
}
