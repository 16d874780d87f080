using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>The way a daemon starts: generic host, <c>AddAkka</c>, one registered actor, first answer; then the host's stop.</summary>
internal static class HostStart
{
    public static async Task RunAsync(Meter meter)
    {
        var start = Stopwatch.GetTimestamp();
        using var host = Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .ConfigureServices(services => services.AddAkka("bench", akka => akka.WithActors((system, registry) =>
                registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo()), "echo")))))
            .Build();
        await host.StartAsync();
        var echo = host.Services.GetRequiredService<IRequiredActor<Echo>>();
        await echo.ActorRef.Ask<string>("first");
        meter.Report("first reply", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");

        start = Stopwatch.GetTimestamp();
        await host.StopAsync();
        meter.Report("stop", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");
    }
}
