using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Acts on each message that a test actor takes in, before an assertion can see it.</summary>
public abstract class AutoPilot
{
    /// <summary>What <see cref="Run"/> returns to stop acting.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>What <see cref="Run"/> returns to stay in charge of the next message.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Acts on one message, on the test actor's turn.</summary>
    /// <returns>Who acts on the next message: another pilot, <see cref="KeepRunning"/> or <see cref="NoAutoPilot"/>.</returns>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>A pilot that does nothing.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only one.</summary>
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    /// <inheritdoc />
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The answer "the same pilot again". It is no pilot itself.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only one.</summary>
    public static readonly KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">Always: it was set as a pilot.</exception>
    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException(
        "KeepRunning is what a pilot returns; it cannot be set as one. Set a DelegateAutoPilot that returns it.");
}

/// <summary>What a <see cref="DelegateAutoPilot"/> does with a message; see <see cref="AutoPilot.Run"/>.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot made of a delegate.</summary>
public sealed class DelegateAutoPilot : AutoPilot
{
    private readonly AutoPilotDelegate _run;

    /// <summary>Makes it of <paramref name="autoPilotDelegate"/>.</summary>
    public DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate)
    {
        ArgumentNullException.ThrowIfNull(autoPilotDelegate);
        _run = autoPilotDelegate;
    }

    /// <inheritdoc />
    public override AutoPilot Run(IActorRef sender, object message) => _run(sender, message);
}
