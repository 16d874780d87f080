using Plexum.Codex.Events;

namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// Leaves out what a turn's events tell twice. Codex reports a failure with each of up to five attempts to reconnect, then as an error, and
/// again as the end of the turn (measured on 0.169.0 and 0.171.0 with a provider that refuses the login); and what it did while it ran
/// comes once more from its record of the thread, as calls of tools.
/// </summary>
internal sealed class Repeats
{
    private readonly HashSet<string> _tools = [];
    private CanonicalEvent.Notice? _error;

    /// <summary>
    /// What is to be shown now that an event has come. An error of codex's is held back until it is clear whether it is the end.
    /// </summary>
    public IEnumerable<CanonicalEvent> Pass(CanonicalEvent value)
    {
        switch (value)
        {
            case CanonicalEvent.Notice { Code: NoticeCodes.CodexError } error:
                var before = _error?.Message == error.Message ? null : _error;
                _error = error;
                return before is null ? [] : [before];
            case CanonicalEvent.Notice { Code: NoticeCodes.Reconnecting }:
                // The status line shows it for as long as it is so.
                return [];
            case CanonicalEvent.Activity activity:
                _tools.Add(ActivityTexts.ToolOf(activity.Item) ?? "");
                return [.. Release(), value];
            case CanonicalEvent.ToolCall call:
                return IsShown(call) ? [] : [value];
            case CanonicalEvent.Error end when _error is { } same && end.Message.Contains(same.Message.Trim(), StringComparison.Ordinal):
                _error = null;
                return [value];
            case CanonicalEvent.Notice or CanonicalEvent.ToolResult:
                return [value];
            default:
                return [.. Release(), value];
        }
    }

    // Codex tells of these as activities when they run.
    private bool IsShown(CanonicalEvent.ToolCall call) =>
        call.Namespace is null
            ? call.Name
                is "exec_command"
                    or "write_stdin"
                    or "shell"
                    or "shell_command"
                    or "local_shell"
                    or "apply_patch"
                    or "update_plan"
                    or "web_search"
            : _tools.Contains(call.Name);

    private CanonicalEvent[] Release()
    {
        var held = _error;
        _error = null;
        return held is null ? [] : [held];
    }
}
