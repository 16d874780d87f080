using Akka.Event;

namespace Plexum.Codex.Retention;

public sealed partial class RetentionActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogSwept(RetentionProtocol.Swept result)
    {
        if (result.Problem is { } problem)
        {
            _log.Warning("codex: old turns could not all be removed, the next round tries again: {Error}", problem);
        }

        _log.Info("codex: files of {Turns} old turns removed bytes={Bytes} rows_forgotten={RowsForgotten}", result.Removed, result.Bytes, result.Forgotten);
    }
}
