namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>The keys that a person presses.</summary>
internal interface IKeys
{
    /// <summary>The next key; null if none was pressed.</summary>
    char? TryRead();
}
