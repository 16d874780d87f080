using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Tools;

/// <summary>The messages of <see cref="CodexConfigActor"/>.</summary>
internal static class CodexConfigProtocol
{
    /// <summary>The reply to a <see cref="Register"/>.</summary>
    public interface IAnswer : IDeadLetterSuppression
    {
        /// <summary>The turn of the request.</summary>
        TurnId TurnId { get; }
    }

    /// <summary>Ensures that the user's configuration has the server. The reply is an <see cref="IAnswer"/>.</summary>
    /// <param name="TurnId">The turn that needs it.</param>
    /// <param name="Server">The server.</param>
    public sealed record Register(TurnId TurnId, ToolServer Server);

    /// <summary>The server is in the configuration.</summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Servers">The names of all agents' servers known to be in the configuration.</param>
    public sealed record Registered(TurnId TurnId, ImmutableArray<string> Servers) : IAnswer;

    /// <summary>The server could not be added.</summary>
    /// <param name="TurnId">The turn of the request.</param>
    /// <param name="Reason">Why.</param>
    public sealed record NotRegistered(TurnId TurnId, string Reason) : IAnswer;
}
