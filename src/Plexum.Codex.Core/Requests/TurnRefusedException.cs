namespace Plexum.Codex.Requests;

/// <summary>A turn has to be refused, as became clear while it was being prepared.</summary>
public sealed class TurnRefusedException : CodexException
{
    /// <summary>Wraps the refusal.</summary>
    public TurnRefusedException(TurnRefusal refusal)
        : base(refusal?.Message ?? throw new ArgumentNullException(nameof(refusal))) => Refusal = refusal;

    /// <summary>The refusal.</summary>
    public TurnRefusal Refusal { get; }
}
