using System.Diagnostics;
using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>From nothing to the first answer, in a process that has done nothing else yet, all settings at their defaults.</summary>
internal static class SystemStart
{
    public static async Task RunAsync(Meter meter)
    {
        var start = Stopwatch.GetTimestamp();
        using var system = ActorSystem.Create("bench");
        var echo = system.ActorOf(Props.Create(() => new Echo()), "echo");
        await echo.Ask<string>("first");
        meter.Report("first reply", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");

        start = Stopwatch.GetTimestamp();
        await system.Terminate();
        meter.Report("terminate", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");
    }
}
