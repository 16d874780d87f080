using Akka.Actor;
using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

/// <summary>A test with actor systems of its own, which end with it.</summary>
public abstract class SystemTest : IAsyncLifetime
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate())).WaitAsync(Limit);

    /// <summary>Starts a system that prints nothing unless told to.</summary>
    protected ActorSystem Start(string hocon = "", bool silent = true)
    {
        var quiet = silent ? "akka.stdout-loglevel = OFF\nakka.loggers = []\n" : "akka.stdout-loglevel = OFF\n";
        var system = ActorSystem.Create("specs", ConfigurationFactory.ParseString(quiet + hocon));
        _systems.Add(system);
        return system;
    }
}
