using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Files;

/// <summary>Keeps each turn's events in a file of the turn's directory.</summary>
/// <param name="profile">The root of the profile, an absolute path.</param>
/// <param name="time">The clock for the times of events and for polling files.</param>
public sealed class FileTurnLogStore(string profile, TimeProvider time) : ITurnLogStore
{
    /// <inheritdoc/>
    public Task<ITurnLogWriter> OpenAsync(AgentId agent, TurnId turn, bool isNew) =>
        FileWork.Run<ITurnLogWriter>(() =>
        {
            var directory = new AgentDirectory(profile, agent);
            var files = isNew ? TurnDirectory.Create(directory, turn) : TurnDirectory.Ensure(directory, turn);
            return TurnLog.Open(files.EventsFile, time);
        });

    /// <inheritdoc/>
    public ITurnLogReader Read(AgentId agent, TurnId turn, long afterSeq = 0) => new TurnLogCursor(PathOf(agent, turn), time, afterSeq);

    /// <inheritdoc/>
    public Task<LoggedTurn> LookAsync(AgentId agent, TurnId turn) => FileWork.Run(() => TurnLogReader.Look(PathOf(agent, turn)));

    /// <inheritdoc/>
    public Task<TurnLogEnd?> FindEndAsync(AgentId agent, TurnId turn) =>
        FileWork.Run(() => Exists(agent, turn) ? TurnLogReader.FindEnd(PathOf(agent, turn)) : (TurnLogEnd?)null);

    /// <inheritdoc/>
    public Task CompactAsync(AgentId agent, TurnId turn) => FileWork.Run(() => TurnLogCompaction.Compact(PathOf(agent, turn)));

    /// <inheritdoc/>
    public bool Exists(AgentId agent, TurnId turn) => File.Exists(PathOf(agent, turn));

    private string PathOf(AgentId agent, TurnId turn) => TurnDirectory.Of(new AgentDirectory(profile, agent), turn).EventsFile;
}
