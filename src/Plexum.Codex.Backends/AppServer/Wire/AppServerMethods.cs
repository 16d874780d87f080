namespace Plexum.Codex.AppServer.Wire;

/// <summary>The methods of the server that loading and unloading threads needs; the same in 0.169.0 and 0.171.0.</summary>
internal static class AppServerMethods
{
    public const string Start = "thread/start";
    public const string Resume = "thread/resume";
    public const string Read = "thread/read";
    public const string LoadedList = "thread/loaded/list";
    public const string Archive = "thread/archive";
    public const string Unarchive = "thread/unarchive";
    public const string Delete = "thread/delete";
    public const string StartTurn = "turn/start";
    public const string ReadConfig = "config/read";
    public const string UpdateSettings = "thread/settings/update";
    public const string Interrupt = "turn/interrupt";

    /// <summary>Whether a turn, and what it started, may be waiting for it to end.</summary>
    public static bool EndsTurns(string method) => method is Interrupt or Archive or Unarchive;
}
