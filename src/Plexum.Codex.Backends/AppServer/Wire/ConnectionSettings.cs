using System.Collections.Immutable;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>How a connection to the server is used.</summary>
/// <param name="RequestLimit">How long the server has to answer a request, from when it is sent.</param>
/// <param name="MaxMessageBytes">The size at which a message of the server is left out.</param>
internal sealed record ConnectionSettings(TimeSpan RequestLimit, int MaxMessageBytes)
{
    /// <summary>
    /// How many requests may wait for the server. Of 256 at once 17 were refused and of 1,000 hundreds were never answered (measured on
    /// 0.169.0; of 200 at once 40 were refused on 0.171.0).
    /// </summary>
    public const int MaxInFlight = 64;

    /// <summary>How many may wait for it besides, of those that end turns.</summary>
    public const int Reserve = 16;

    /// <summary>The largest message that the server takes; it tells so in a header when it is connected to (0.169.0 and 0.171.0).</summary>
    public const int MaxSentBytes = 16 * 1024 * 1024;

    /// <summary>
    /// What the server need not tell, because nothing here reads it. Names that a version does not know do no harm (measured on 0.169.0 and
    /// 0.171.0).
    /// </summary>
    public static readonly ImmutableArray<string> Unread =
    [
        "account/login/completed",
        "account/updated",
        "app/list/updated",
        "command/exec/outputDelta",
        "externalAgentConfig/import/completed",
        "externalAgentConfig/import/progress",
        "fs/changed",
        "fuzzyFileSearch/sessionCompleted",
        "fuzzyFileSearch/sessionUpdated",
        "item/commandExecution/terminalInteraction",
        "item/reasoning/textDelta",
        "mcpServer/event/stream/notification",
        "model/safetyBuffering/updated",
        "process/exited",
        "process/outputDelta",
        "project/changed",
        "remoteControl/status/changed",
        "skills/changed",
        "thread/attachment/updated",
        "thread/environment/connected",
        "thread/environment/disconnected",
        "thread/name/updated",
        "thread/prediction/updated",
        "thread/project/updated",
        "thread/queue/changed",
        "thread/readState/changed",
        "thread/section/changed",
        "thread/settings/updated",
        "turn/diff/updated",
        "turn/moderationMetadata",
        "windows/worldWritableWarning",
        "windowsSandbox/setupCompleted",
    ];
}
