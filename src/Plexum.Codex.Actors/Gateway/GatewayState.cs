namespace Plexum.Codex.Gateway;

/// <summary>Whether new work is accepted.</summary>
public enum GatewayState
{
    /// <summary>Turns and consumes are accepted.</summary>
    Open,

    /// <summary>The turns of the previous run are still being recovered; new ones must queue behind them.</summary>
    NotReady,

    /// <summary>The program is stopping.</summary>
    ShuttingDown,
}
