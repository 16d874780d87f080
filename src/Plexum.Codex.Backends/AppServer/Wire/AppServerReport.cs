using System.Text.Json;
using Akka.Event;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>What an <see cref="AppServerConnection"/> hands on, in the order in which the server said it.</summary>
internal abstract record AppServerReport : IDeadLetterSuppression
{
    private AppServerReport() { }

    /// <summary>What became of a request.</summary>
    /// <param name="Request">Its number.</param>
    /// <param name="Result">The result; undefined if there is a fault.</param>
    /// <param name="Fault">Why there is no result; null if there is one.</param>
    public sealed record Done(long Request, JsonElement Result, AppServerFault? Fault) : AppServerReport;

    /// <summary>Something the server tells.</summary>
    public sealed record Told(string Method, JsonElement Parameters) : AppServerReport;

    /// <summary>Something the server asks.</summary>
    public sealed record Asked(JsonElement RequestId, string Method, JsonElement Parameters) : AppServerReport;

    /// <summary>A message that was left out.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record LeftOut(AppServerFault Fault) : AppServerReport;

    /// <summary>The connection is over. Nothing follows; every request has been reported.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Closed(AppServerFault Fault) : AppServerReport;
}
