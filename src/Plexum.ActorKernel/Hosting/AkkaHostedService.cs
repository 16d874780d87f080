using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts the actor system with the host and ends it with a coordinated shutdown.</summary>
internal sealed class AkkaHostedService(IServiceProvider services, ILogger<AkkaHostedService> logger) : IHostedService
{
    private CoordinatedShutdown? _shutdown;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var system = services.GetRequiredService<ActorSystem>();
            _shutdown = CoordinatedShutdown.Get(system);
            await services.GetRequiredService<AkkaConfigurationBuilder>().StartActorsAsync(system).ConfigureAwait(false);
            _ = StopHostWith(system);
        }
        catch (Exception e)
        {
            logger.LogCritical(e, "Unable to start AkkaHostedService - shutting down application");
            await StopAfterFailure().ConfigureAwait(false);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _shutdown is null
            ? Task.CompletedTask
            : _shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(cancellationToken);

    private async Task StopAfterFailure()
    {
        try
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            logger.LogError(e, "The actor system that did not start did not stop either");
        }
    }

    private async Task StopHostWith(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);
        services.GetService<IHostApplicationLifetime>()?.StopApplication();
    }
}
