using System.Text.Json;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// Tells the server's errors apart. Nearly all have the code -32600, so the words decide; they are the same in 0.169.0 and 0.171.0
/// (measured). What is not known is <see cref="AppServerFaultKind.Other"/>, with codex's words.
/// </summary>
internal static class FaultWords
{
    private const long InvalidParameters = -32602;
    private const long Internal = -32603;
    private const long Overloaded = -32001;
    private const int MaxWords = 2000;

    // The first that fits counts.
    private static readonly (string Words, AppServerFaultKind Kind)[] Known =
    [
        ("already has an active writer", AppServerFaultKind.Busy),
        ("no archived rollout found", AppServerFaultKind.NotFound),
        ("no rollout found", AppServerFaultKind.NotFound),
        ("is archived", AppServerFaultKind.Archived),
        ("thread not found", AppServerFaultKind.NoSuchThread),
        ("no active turn", AppServerFaultKind.NoActiveTurn),
        ("expected active turn", AppServerFaultKind.NoActiveTurn),
        ("is draining", AppServerFaultKind.Draining),
        ("exceeds the maximum length", AppServerFaultKind.TooLarge),
        ("overloaded", AppServerFaultKind.Overloaded),
        ("MCP servers failed to initialize", AppServerFaultKind.Configuration),
        ("failed to load configuration", AppServerFaultKind.Configuration),
    ];

    /// <summary>The fault that an error of the server means.</summary>
    /// <param name="code">The error's code; null if it has none.</param>
    /// <param name="message">Its words.</param>
    /// <param name="data">Its details; undefined if it has none.</param>
    public static AppServerFault Of(long? code, string message, JsonElement data)
    {
        var known = Array.Find(Known, known => message.Contains(known.Words, StringComparison.OrdinalIgnoreCase));
        var kind =
            known.Words is not null ? known.Kind
            : code == Overloaded ? AppServerFaultKind.Overloaded
            : code == InvalidParameters && IsTooLarge(data) ? AppServerFaultKind.TooLarge
            : code == Internal && message.Contains("config", StringComparison.OrdinalIgnoreCase) ? AppServerFaultKind.Configuration
            : AppServerFaultKind.Other;
        return new AppServerFault(kind, Shortened(message)) { Code = code };
    }

    private static bool IsTooLarge(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("input_error_code", out var error)
        && error.ValueKind == JsonValueKind.String
        && error.ValueEquals("input_too_large"u8);

    // The answer to an unknown method lists all methods there are.
    private static string Shortened(string message) =>
        message.Length == 0 ? "codex told no reason."
        : message.Length <= MaxWords ? message
        : message[..MaxWords] + "…";
}
