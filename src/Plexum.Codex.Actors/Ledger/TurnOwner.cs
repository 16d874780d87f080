namespace Plexum.Codex.Ledger;

/// <summary>Names of the nodes that run turns.</summary>
public static class TurnOwner
{
    /// <summary>The name of the node where there is only one.</summary>
    public const string Local = "local";
}
