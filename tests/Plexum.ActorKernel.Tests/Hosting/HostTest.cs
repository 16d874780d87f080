using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Plexum.ActorKernel.Tests.Hosting;

/// <summary>A test with one host, whose log it can read.</summary>
public abstract class HostTest : IAsyncLifetime
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private IHost? _host;

    protected IHost Host => _host!;

    internal CapturedLog Log { get; } = new();

    protected ActorSystem ActorSystem => Host.Services.GetRequiredService<ActorSystem>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync().WaitAsync(Limit);
            _host.Dispose();
        }
    }

    protected async Task Start(Action<AkkaConfigurationBuilder, IServiceProvider> akka, Action<IServiceCollection>? services = null)
    {
        _host = new HostBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log))
            .ConfigureServices(collection =>
            {
                services?.Invoke(collection);
                collection.AddAkka("hosted", (builder, provider) =>
                {
                    builder.AddHocon("akka.stdout-loglevel = OFF\nakka.loggers = []", HoconAddMode.Prepend);
                    akka(builder, provider);
                });
            })
            .Build();
        await _host.StartAsync().WaitAsync(Limit);
    }
}
