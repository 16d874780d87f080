using Akka.Streams.Supervision;

namespace Akka.Streams;

/// <summary>Attributes that say how the stages of a graph are run.</summary>
public static class ActorAttributes
{
    /// <summary>Decides what happens to a stream when a function that was given to one of its stages throws.</summary>
    public static Attributes CreateSupervisionStrategy(Decider strategy) => new(new SupervisionStrategy(strategy));

    /// <summary>Decides what happens to a stream when a function that was given to one of its stages throws.</summary>
    public sealed class SupervisionStrategy : Attributes.IMandatoryAttribute
    {
        /// <summary>The decision.</summary>
        public readonly Decider Decider;

        /// <summary>A strategy that asks this decider.</summary>
        public SupervisionStrategy(Decider decider) => Decider = decider;

        /// <inheritdoc/>
        public override string ToString() => "SupervisionStrategy";
    }
}
