namespace Plexum.Codex.Output;

/// <summary>How likely it is that a message of the agent is lost in what was not understood.</summary>
internal enum MessageLoss : byte
{
    /// <summary>Nothing was lost.</summary>
    None,

    /// <summary>Hardly, unless one is missing: words of another program, say, or an event of an unknown type.</summary>
    Possible,

    /// <summary>An event was cut off before it named its item, a part of a message is there, or an unknown item has its shape.</summary>
    Probable,

    /// <summary>What is left says that it was one.</summary>
    Certain,
}
