using System.Globalization;
using Plexum.Codex.Options;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>A turn of a round.</summary>
/// <param name="Agent">Its agent.</param>
/// <param name="Backend">What runs it.</param>
/// <param name="Kind">At which moment of its own it waits.</param>
public sealed record TurnPlan(string Agent, BackendKind Backend, KillMoment Kind)
{
    /// <summary>What runs the turn after it.</summary>
    public required BackendKind Next { get; init; }
}

/// <summary>What happens in a round; all of it is decided by the seed.</summary>
/// <param name="Number">Which round it is, from 1.</param>
/// <param name="Moment">When something is killed in the turn that is aimed at.</param>
/// <param name="Victim">What is killed.</param>
public sealed record RoundPlan(int Number, KillMoment Moment, Victim Victim)
{
    private const int FreshFor = 4;

    /// <summary>The turn that is aimed at.</summary>
    public required TurnPlan Target { get; init; }

    /// <summary>The turns of the other agents, which are in the middle of their work.</summary>
    public required IReadOnlyList<TurnPlan> Others { get; init; }

    /// <summary>Whether the daemon is killed before the app-server, where both are.</summary>
    public bool DaemonFirst { get; init; }

    /// <summary>Whether the turns go on before there is a daemon again.</summary>
    public bool EndsAlone { get; init; }

    /// <summary>How long after the moment the kill comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long after the kill an app-server that stood still and lives goes on.</summary>
    public TimeSpan Thaw { get; init; }

    /// <summary>All turns.</summary>
    public IEnumerable<TurnPlan> Turns => Others.Prepend(Target);

    /// <summary>The plans of a run. Each moment comes with each victim once before any comes again.</summary>
    public static IEnumerable<RoundPlan> Draw(RoundsOptions options, IEnumerable<KillMoment> known)
    {
        var random = new Random(options.Seed);
        var isWarm = options.Backend == BackendKind.AppServer;
        Victim[] victims = isWarm ? [Victim.Server, Victim.Daemon, Victim.Both] : [Victim.Daemon];
        var moments = known.Where(moment => options.Moments.Count == 0 || options.Moments.Contains(moment));
        (KillMoment, Victim)[] deck = [.. moments.SelectMany(moment => victims.Select(victim => (moment, victim)))];
        for (var number = 1; number <= options.Rounds; number++)
        {
            if ((number - 1) % deck.Length == 0)
            {
                random.Shuffle(deck);
            }

            var (moment, victim) = deck[(number - 1) % deck.Length];
            yield return Draw(random, number, moment, victim, isWarm);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var order =
            Victim == Victim.Both
                ? DaemonFirst
                    ? "daemon and server"
                    : "server and daemon"
                : Victim.ToString().ToLowerInvariant();
        var alone = EndsAlone && Victim.HasFlag(Victim.Daemon) ? ", turns go on alone" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Number, 3}  {Moment.ToString().ToLowerInvariant()} of {Target.Agent}, {order} killed{alone}"
        );
    }

    private static RoundPlan Draw(Random random, int number, KillMoment moment, Victim victim, bool isWarm)
    {
        string[] agents = ["amy", "ben", string.Create(CultureInfo.InvariantCulture, $"cat-{(number - 1) / FreshFor}")];
        random.Shuffle(agents);
        return new RoundPlan(number, moment, victim)
        {
            Target = new TurnPlan(agents[0], Usual(isWarm && moment != KillMoment.Unloading), moment) { Next = Next(0) },
            Others =
            [
                .. agents
                    .Skip(1)
                    .Select(
                        (agent, at) =>
                            new TurnPlan(
                                agent,
                                Usual(isWarm && random.Next(3) > 0),
                                random.Next(2) == 0 ? KillMoment.Writing : KillMoment.Command
                            )
                            {
                                Next = Next(at + 1),
                            }
                    ),
            ],
            DaemonFirst = random.Next(2) == 0,
            EndsAlone = random.Next(2) == 0,
            Delay = random.Next(Longest(moment)) * TimeSpan.FromMilliseconds(1),
            Thaw = random.Next(600) * TimeSpan.FromMilliseconds(1),
        };

        // Each agent crosses over in every third round, so that a server runs after each of them.
        BackendKind Next(int at) => Usual(isWarm && (at + number) % 3 != 0);
    }

    private static BackendKind Usual(bool isWarm) => isWarm ? BackendKind.AppServer : BackendKind.Exec;

    // In milliseconds: about as long as the moment lasts.
    private static int Longest(KillMoment moment) =>
        moment switch
        {
            KillMoment.Starting => 600,
            KillMoment.Opening or KillMoment.Ending => 150,
            KillMoment.Between => 60,
            _ => 20,
        };
}
