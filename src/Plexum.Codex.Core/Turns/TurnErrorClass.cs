using System.Text.Json.Serialization;

namespace Plexum.Codex.Turns;

/// <summary>What kind of failure ended a turn.</summary>
public enum TurnErrorClass
{
    /// <summary>Codex could not be started: missing, too old, not executable.</summary>
    Spawn,

    /// <summary>Codex ended in a way that its output does not explain.</summary>
    Process,

    /// <summary>The account is not logged in, or its key was rejected.</summary>
    Authentication,

    /// <summary>The account's allowance is exhausted until a known time.</summary>
    UsageLimit,

    /// <summary>Too many requests at once.</summary>
    RateLimit,

    /// <summary>The thread no longer fits into the model's context window.</summary>
    ContextWindow,

    /// <summary>The model's server rejected the request itself, for example for its model name.</summary>
    Request,

    /// <summary>The model's server failed or is overloaded.</summary>
    ModelServer,

    /// <summary>The connection to the model's server failed.</summary>
    Network,

    /// <summary>The thread cannot be continued, because another process or agent has it, or it cannot be recorded.</summary>
    Session,

    /// <summary>The agent's workspace cannot be used.</summary>
    Workspace,

    /// <summary>One of the host's tools failed the turn.</summary>
    Tool,

    /// <summary>The turn exceeded its time limit.</summary>
    Timeout,

    /// <summary>plexum-codex itself failed.</summary>
    [JsonStringEnumMemberName("host")]
    Internal,
}

/// <summary>The names of <see cref="TurnErrorClass"/> in JSON.</summary>
public static class TurnErrorClassNames
{
    /// <summary>The name in JSON.</summary>
    public static string ToWireName(this TurnErrorClass value) =>
        value switch
        {
            TurnErrorClass.Spawn => "spawn",
            TurnErrorClass.Process => "process",
            TurnErrorClass.Authentication => "authentication",
            TurnErrorClass.UsageLimit => "usage_limit",
            TurnErrorClass.RateLimit => "rate_limit",
            TurnErrorClass.ContextWindow => "context_window",
            TurnErrorClass.Request => "request",
            TurnErrorClass.ModelServer => "model_server",
            TurnErrorClass.Network => "network",
            TurnErrorClass.Session => "session",
            TurnErrorClass.Workspace => "workspace",
            TurnErrorClass.Tool => "tool",
            TurnErrorClass.Timeout => "timeout",
            _ => "host",
        };

    /// <summary>The class with this name in JSON; <see cref="TurnErrorClass.Internal"/> for a name from a newer version.</summary>
    public static TurnErrorClass Parse(string? name)
    {
        foreach (var value in Enum.GetValues<TurnErrorClass>())
        {
            if (value.ToWireName() == name)
            {
                return value;
            }
        }

        return TurnErrorClass.Internal;
    }
}
