using Akka.Event;

namespace Plexum.Codex.Retention;

public sealed partial class RetentionActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogSwept(RetentionProtocol.Swept result)
    {
        if (result.Problem is { } problem)
        {
            _log.Warning("codex: some old turns could not be deleted, the next round will retry: {Error}", problem);
        }

        _log.Info(
            "codex: deleted the files of {Turns} old turns bytes={Bytes} rows_forgotten={RowsForgotten}",
            result.Removed,
            result.Bytes,
            result.Forgotten
        );
    }
}
