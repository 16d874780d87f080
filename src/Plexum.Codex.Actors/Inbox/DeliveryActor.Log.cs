using Akka.Event;

namespace Plexum.Codex.Inbox;

internal sealed partial class DeliveryActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogTripped(int trips, TimeSpan pause, string problem)
    {
        if (trips == 1)
        {
            _log.Warning("molecule: replies fail one after the other, one of them tries again in {Pause:0.0} s: {Error}", pause.TotalSeconds, problem);
        }
    }
}
