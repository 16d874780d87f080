using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

public sealed partial class RolloutActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogUnreadable(TurnId turn, string why) =>
        _log.Warning("codex: cannot read the rollout before turn {TurnId}: {Error}", turn, why);
}
