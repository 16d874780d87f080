using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Collects what the host's actor system is to be: its configuration, its actors, its loggers.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly string _name;
    private readonly List<StartupTask> _starters = [];
    private readonly List<StartupTask> _startupTasks = [];
    private Config _config = Config.Empty;

    internal AkkaConfigurationBuilder(string actorSystemName) => _name = actorSystemName;

    internal ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Adds actors to start. Starters run one after the other, in the order in which they were added.</summary>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter) =>
        StartActors((system, registry) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });

    /// <inheritdoc cref="StartActors(Action{ActorSystem, IActorRegistry})"/>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter) =>
        StartActors((system, registry, resolver) =>
        {
            starter(system, registry, resolver);
            return Task.CompletedTask;
        });

    /// <inheritdoc cref="StartActors(Action{ActorSystem, IActorRegistry})"/>
    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        _starters.Add((system, registry) => starter(system, registry));
        return this;
    }

    /// <inheritdoc cref="StartActors(Action{ActorSystem, IActorRegistry})"/>
    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
    {
        _starters.Add((system, registry) => starter(system, registry, DependencyResolver.For(system).Resolver));
        return this;
    }

    /// <summary>Adds something to do when all starters are done.</summary>
    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask) =>
        AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });

    /// <summary>Adds something to do when all starters are done.</summary>
    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startupTasks.Add(startupTask);
        return this;
    }

    internal void Join(Config hocon, HoconAddMode addMode)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        _config = addMode switch
        {
            HoconAddMode.Append => _config.WithFallback(hocon),
            HoconAddMode.Prepend or HoconAddMode.Replace => hocon.WithFallback(_config),
            _ => throw new ArgumentOutOfRangeException(nameof(addMode), addMode, "There is no such mode."),
        };
    }

    internal ActorSystem CreateSystem(IServiceProvider services)
    {
        LoggerFactory ??= (ILoggerFactory?)services.GetService(typeof(ILoggerFactory));
        var system = new ActorSystemImpl(_name, _config);
        system.GetOrAddExtension(_ => new DependencyResolver(new ServiceProviderDependencyResolver(services)));
        if (LoggerFactory is { } factory)
        {
            system.GetOrAddExtension(_ => factory);
        }

        system.Start();
        return system;
    }

    internal async Task StartActorsAsync(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        foreach (var task in _starters.Concat(_startupTasks))
        {
            await task(system, registry).ConfigureAwait(false);
        }
    }
}
