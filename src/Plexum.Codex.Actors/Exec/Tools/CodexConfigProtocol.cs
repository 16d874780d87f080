using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Tools;

/// <summary>All that crosses the border of <see cref="CodexConfigActor"/>.</summary>
internal static class CodexConfigProtocol
{
    /// <summary>Answers a <see cref="Register"/>.</summary>
    public interface IAnswer : IDeadLetterSuppression
    {
        /// <summary>The turn that it was asked for.</summary>
        TurnId TurnId { get; }
    }

    /// <summary>Sees to it that the user's configuration has the server. The answer is <see cref="Registered"/> or <see cref="NotRegistered"/>.</summary>
    /// <param name="TurnId">The turn that needs it.</param>
    /// <param name="Server">The server.</param>
    public sealed record Register(TurnId TurnId, ToolServer Server);

    /// <summary>It is there.</summary>
    /// <param name="TurnId">The turn that it was asked for.</param>
    /// <param name="Servers">The names of all agents' servers that the configuration has, as far as is known.</param>
    public sealed record Registered(TurnId TurnId, ImmutableArray<string> Servers) : IAnswer;

    /// <summary>It could not be put there.</summary>
    /// <param name="TurnId">The turn that it was asked for.</param>
    /// <param name="Reason">Why.</param>
    public sealed record NotRegistered(TurnId TurnId, string Reason) : IAnswer;
}
