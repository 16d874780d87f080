namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>How likely it is that a message of the agent is lost in what was not understood.</summary>
internal enum MessageLoss : byte
{
    /// <summary>Nothing was lost.</summary>
    None,

    /// <summary>Hardly: words of another program, say.</summary>
    Possible,

    /// <summary>An event was cut off before it named its item, or a part of a message's name is there.</summary>
    Probable,

    /// <summary>What is left says that it was one.</summary>
    Certain,
}
