using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Makes the scheduler that <c>akka.scheduler.implementation</c> names.</summary>
internal static class SchedulerFactory
{
    public static IScheduler Create(Settings settings, ILoggingAdapter log)
    {
        var name = settings.SchedulerClass;
        if (name is "Akka.Actor.HashedWheelTimerScheduler")
        {
            return new HashedWheelTimerScheduler(settings.Config, log);
        }

        var type = TypeNames.Find(name) ?? throw new ConfigurationException(
            $"'akka.scheduler.implementation' is not a type that can be found: '{name}'. Write its full name with its assembly.");
        return Activator.CreateInstance(type, settings.Config, log) as IScheduler ?? throw new ConfigurationException(
            $"'akka.scheduler.implementation' names '{name}', which is not an IScheduler.");
    }
}
