using Akka.Event;

namespace Plexum.Codex.Molecule.Inbox;

internal sealed partial class DeliveryActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogTripped(int trips, TimeSpan pause, string problem)
    {
        if (trips == 1)
        {
            _log.Warning(
                "molecule: several replies in a row failed; retrying a single one in {Pause:0.0} s: {Error}",
                pause.TotalSeconds,
                problem
            );
        }
    }
}
