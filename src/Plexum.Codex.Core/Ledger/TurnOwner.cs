namespace Plexum.Codex.Ledger;

/// <summary>Names of the nodes that run turns.</summary>
public static class TurnOwner
{
    /// <summary>The name of the only node.</summary>
    public const string Local = "local";
}
