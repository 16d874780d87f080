using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>What the stages have in common that call functions given to them.</summary>
internal static class Supervised
{
    /// <summary>The decider that holds for a stage.</summary>
    internal static Decider Decider(this Attributes attributes) =>
        attributes.GetAttribute<ActorAttributes.SupervisionStrategy>()?.Decider ?? Deciders.StoppingDecider;
}
