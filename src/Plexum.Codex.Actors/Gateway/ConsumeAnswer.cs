using Plexum.Codex.Requests;

namespace Plexum.Codex.Gateway;

/// <summary>The result of a consume.</summary>
public abstract record ConsumeAnswer
{
    private ConsumeAnswer() { }

    /// <summary>It was carried out.</summary>
    /// <param name="Result">The counts and warnings.</param>
    public sealed record Done(ConsumeResult Result) : ConsumeAnswer;

    /// <summary>It was not carried out. Asking again does no harm.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(ConsumeFailure Failure) : ConsumeAnswer;

    /// <summary>Nothing is accepted now, or the program stopped before the answer came.</summary>
    /// <param name="State">Why.</param>
    public sealed record NotOpen(GatewayState State) : ConsumeAnswer;
}
