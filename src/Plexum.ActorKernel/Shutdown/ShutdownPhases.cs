using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One phase of a coordinated shutdown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DependsOn">The phases that come before it.</param>
/// <param name="Timeout">How long its tasks may take.</param>
/// <param name="Recover">Whether failed or late tasks leave the shutdown going.</param>
internal sealed record ShutdownPhase(string Name, IList<string> DependsOn, TimeSpan Timeout, bool Recover);

/// <summary>The phases as configured, in the order in which they run.</summary>
internal sealed class ShutdownPhases
{
    private readonly Dictionary<string, ShutdownPhase> _phases;
    private readonly TimeSpan _defaultTimeout;

    private ShutdownPhases(Dictionary<string, ShutdownPhase> phases, TimeSpan defaultTimeout)
    {
        _phases = phases;
        _defaultTimeout = defaultTimeout;
        Order = Sort();
    }

    public IReadOnlyList<string> Order { get; }

    public static ShutdownPhases Read(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout", null, allowInfinite: false);
        var phases = new Dictionary<string, ShutdownPhase>();
        foreach (var (name, _) in config.GetConfig("phases")?.AsEnumerable() ?? [])
        {
            var settings = config.GetConfig($"phases.\"{name}\"") ?? Config.Empty;
            phases.Add(name, settings.IsEmpty
                ? new ShutdownPhase(name, [], defaultTimeout, true)
                : new ShutdownPhase(
                    name,
                    settings.GetStringList("depends-on"),
                    settings.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false),
                    settings.GetBoolean("recover", true)));
        }

        return new ShutdownPhases(phases, defaultTimeout);
    }

    public ShutdownPhase? Find(string name) => _phases.GetValueOrDefault(name);

    /// <summary>The phase; one that others only depend on has the default settings.</summary>
    public ShutdownPhase Get(string name) => Find(name) ?? new ShutdownPhase(name, [], _defaultTimeout, true);

    private List<string> Sort()
    {
        var order = new List<string>();
        var path = new List<string>();
        foreach (var name in _phases.Keys)
        {
            Visit(name);
        }

        return order;

        void Visit(string name)
        {
            if (path.Contains(name))
            {
                throw new ArgumentException(
                    $"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself: " +
                    $"{string.Join(" on ", path.SkipWhile(step => step != name))} on {name}.");
            }

            if (!order.Contains(name))
            {
                path.Add(name);
                foreach (var before in Get(name).DependsOn)
                {
                    Visit(before);
                }

                path.RemoveAt(path.Count - 1);
                order.Add(name);
            }
        }
    }
}
