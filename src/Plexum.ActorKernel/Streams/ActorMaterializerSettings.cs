using Akka.Actor;
using Akka.Streams.Supervision;
using Decider = Akka.Streams.Supervision.Decider;

namespace Akka.Streams;

/// <summary>How a materializer runs streams; see <c>akka.stream.materializer</c> in the configuration.</summary>
public sealed class ActorMaterializerSettings
{
    /// <summary>The size with which buffers begin.</summary>
    public readonly int InitialInputBufferSize;

    /// <summary>The most elements in a buffer at an asynchronous boundary or in front of an actor.</summary>
    public readonly int MaxInputBufferSize;

    /// <summary>Decides what happens when a function that was given to a stage throws.</summary>
    public readonly Decider SupervisionDecider;

    private ActorMaterializerSettings(int initialInputBufferSize, int maxInputBufferSize, Decider supervisionDecider)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialInputBufferSize);
        if (maxInputBufferSize <= 0 || (maxInputBufferSize & (maxInputBufferSize - 1)) != 0)
            throw new ArgumentException(
                $"max-input-buffer-size is {maxInputBufferSize}; it must be a power of two.", nameof(maxInputBufferSize));
        if (initialInputBufferSize > maxInputBufferSize)
            throw new ArgumentException(
                $"initial-input-buffer-size is {initialInputBufferSize}; it must not exceed max-input-buffer-size, which is {maxInputBufferSize}.",
                nameof(initialInputBufferSize));
        InitialInputBufferSize = initialInputBufferSize;
        MaxInputBufferSize = maxInputBufferSize;
        SupervisionDecider = supervisionDecider;
    }

    /// <summary>Reads the settings from the system's configuration.</summary>
    /// <exception cref="ArgumentException">A size is impossible.</exception>
    public static ActorMaterializerSettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var config = system.Settings.Config;
        return new ActorMaterializerSettings(
            config.GetInt("akka.stream.materializer.initial-input-buffer-size"),
            config.GetInt("akka.stream.materializer.max-input-buffer-size"),
            Deciders.StoppingDecider);
    }

    /// <summary>These settings with other buffer sizes; the greater one is a power of two.</summary>
    /// <exception cref="ArgumentException">A size is impossible.</exception>
    public ActorMaterializerSettings WithInputBuffer(int initialSize, int maxSize) => new(initialSize, maxSize, SupervisionDecider);

    /// <summary>These settings with another decider.</summary>
    public ActorMaterializerSettings WithSupervisionStrategy(Decider decider) => new(InitialInputBufferSize, MaxInputBufferSize, decider);

    internal Attributes ToAttributes() =>
        Attributes.CreateInputBuffer(InitialInputBufferSize, MaxInputBufferSize)
            .And(ActorAttributes.CreateSupervisionStrategy(SupervisionDecider));
}
