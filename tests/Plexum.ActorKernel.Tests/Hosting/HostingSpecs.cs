using Akka.Actor;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Plexum.ActorKernel.Tests.Hosting;

public sealed class HostingSpecs : HostTest
{
    [Fact]
    public async Task Actors_start_with_the_host_and_are_found_by_their_type()
    {
        await Start((builder, _) => builder.WithActors((system, registry) =>
            registry.Register<Greeter>(system.ActorOf(Props.Create(() => new Greeter(new Words("hello"))), "greeter"))));

        var required = Host.Services.GetRequiredService<IRequiredActor<Greeter>>();

        Assert.Equal("hello you", await required.ActorRef.Ask<string>("you", Limit));
        Assert.Same(required.ActorRef, await required.GetAsync());
        Assert.Same(required.ActorRef, Host.Services.GetRequiredService<ActorRegistry>().Get<Greeter>());
        Assert.Same(required.ActorRef, Host.Services.GetRequiredService<IActorRegistry>().Get<Greeter>());
        Assert.Same(required.ActorRef, Host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<Greeter>());
        Assert.Equal("hosted", ActorSystem.Name);
    }

    [Fact]
    public async Task Actors_take_services_and_arguments()
    {
        var type = typeof(Parrot);
        await Start(
            (builder, _) => builder.WithActors((system, registry, resolver) =>
            {
                registry.Register<Greeter>(system.ActorOf(resolver.Props<Greeter>()));
                registry.Register<Parrot>(system.ActorOf(resolver.Props<Parrot>(3)));
                registry.Register<string>(system.ActorOf(DependencyResolver.For(system).Props(type, 2)));
            }),
            services => services.AddSingleton(new Words("hi")));

        var registry = ActorRegistry.For(ActorSystem);

        Assert.Equal("hi you", await registry.Get<Greeter>().Ask<string>("you", Limit));
        Assert.Equal("hi hi hi ", await registry.Get<Parrot>().Ask<string>("", Limit));
        Assert.Equal("hi hi ", await registry.Get<string>().Ask<string>("", Limit));
        Assert.Throws<ArgumentException>(() => DependencyResolver.For(ActorSystem).Props(typeof(string)));
    }

    [Fact]
    public async Task Starters_run_in_their_order_and_then_the_startup_tasks()
    {
        var ran = new List<string>();

        await Start((builder, provider) => builder
            .AddStartup((_, _) => ran.Add("startup 1"))
            .WithActors(async (_, _) =>
            {
                await Task.Yield();
                ran.Add("actors 1");
            })
            .AddStartup(async (_, _) =>
            {
                await Task.Yield();
                ran.Add("startup 2");
            })
            .WithActors(async (_, _, resolver) =>
            {
                await Task.Yield();
                Assert.NotNull(resolver.GetService<ILoggerFactory>());
                Assert.NotNull(provider.GetService<ILoggerFactory>());
                ran.Add("actors 2");
            }));

        Assert.Equal(["actors 1", "actors 2", "startup 1", "startup 2"], ran);
    }

    [Fact]
    public async Task A_service_that_starts_before_the_actors_can_wait_for_them()
    {
        await Start(
            (builder, _) => builder.WithActors((system, registry) =>
                registry.Register<Greeter>(system.ActorOf(Props.Create(() => new Greeter(new Words("hello")))))),
            services => services.AddHostedService<EarlyService>());

        var early = Host.Services.GetServices<IHostedService>().OfType<EarlyService>().Single();

        Assert.Equal("hello early", await early.Answer!.WaitAsync(Limit));
    }

    [Fact]
    public async Task Stopping_the_host_runs_the_coordinated_shutdown()
    {
        var steps = new List<string>();
        await Start((builder, _) => builder.WithActors((system, _) =>
        {
            system.ActorOf(Props.Create(() => new LastWords(steps)));
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
            {
                steps.Add("phase");
                return Task.FromResult(Akka.Done.Instance);
            });
        }));
        var system = ActorSystem;

        await Host.StopAsync().WaitAsync(Limit);

        Assert.Equal(["phase", "actor"], steps);
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public async Task A_system_that_ends_by_itself_stops_the_host()
    {
        await Start((_, _) => { });
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        await ActorSystem.Terminate().WaitAsync(Limit);

        await stopping.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_start_that_fails_fails_the_host_loudly_and_ends_the_system()
    {
        ActorSystem? started = null;

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Start((builder, _) => builder.WithActors((system, _) =>
        {
            started = system;
            throw new InvalidOperationException("no actors today");
        })));

        Assert.Equal("no actors today", e.Message);
        Assert.Contains(Log.Lines, line => line.Level == LogLevel.Critical && line.Cause == e);
        await started!.WhenTerminated.WaitAsync(Limit);
    }

    [Fact]
    public async Task Configuration_is_put_on_top_or_below()
    {
        await Start((builder, _) => builder
            .AddHocon("codex { a = 1, b = 1 }", HoconAddMode.Prepend)
            .AddHocon("codex { b = 2, c = 2 }", HoconAddMode.Append)
            .AddHocon("codex { c = 3, d = 3 }", HoconAddMode.Prepend)
            .AddHocon("codex { d = 4 }", HoconAddMode.Replace));

        var config = ActorSystem.Settings.Config.GetConfig("codex")!;

        Assert.Equal([1, 1, 3, 4], new[] { "a", "b", "c", "d" }.Select(key => config.GetInt(key)));
    }

    [Fact]
    public async Task Configuration_is_read_from_files()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "codex.a = 7");
        try
        {
            await Start((builder, _) => builder.AddHoconFile(path, HoconAddMode.Prepend));

            Assert.Equal(7, ActorSystem.Settings.Config.GetInt("codex.a"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_system_without_a_host_has_no_services()
    {
        var system = ActorSystem.Create("alone", "akka.stdout-loglevel = OFF\nakka.loggers = []");

        Assert.Throws<ConfigurationException>(() => DependencyResolver.For(system));

        await system.Terminate().WaitAsync(Limit);
    }

    private sealed record Words(string Greeting);

    private sealed class Greeter : ReceiveActor
    {
        public Greeter(Words words) => Receive<string>(name => Sender.Tell($"{words.Greeting} {name}"));
    }

    private sealed class Parrot : ReceiveActor
    {
        public Parrot(int times, Words words) =>
            Receive<string>(_ => Sender.Tell(string.Concat(Enumerable.Repeat(words.Greeting + " ", times))));
    }

    private sealed class LastWords(List<string> steps) : UntypedActor
    {
        protected override void PostStop() => steps.Add("actor");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class EarlyService(IRequiredActor<Greeter> greeter) : IHostedService
    {
        public Task<string>? Answer { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Answer = AskLater(cancellationToken);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private async Task<string> AskLater(CancellationToken cancellationToken) =>
            await (await greeter.GetAsync(cancellationToken)).Ask<string>("early", Limit, cancellationToken);
    }
}
