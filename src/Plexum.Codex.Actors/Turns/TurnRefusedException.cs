namespace Plexum.Codex.Turns;

/// <summary>A turn that has to be refused, found out while it was being prepared.</summary>
public sealed class TurnRefusedException : CodexException
{
    /// <summary>Carries the refusal.</summary>
    public TurnRefusedException(TurnRefusal refusal) : base(refusal?.Message ?? throw new ArgumentNullException(nameof(refusal))) =>
        Refusal = refusal;

    /// <summary>The refusal.</summary>
    public TurnRefusal Refusal { get; }
}
