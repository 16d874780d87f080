using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

/// <summary>One quiet actor system for the stream specs of a class.</summary>
public sealed class StreamSystem : IAsyncLifetime
{
    public static readonly Config Quiet = ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }");

    public ActorSystem System { get; } = ActorSystem.Create("streams", Quiet);

    public ActorMaterializer Materializer => System.Materializer();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => System.Terminate();
}

internal static class Waiting
{
    /// <summary>So long may anything take that is bound to happen.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    /// <summary>Waits for what is bound to happen; fails the test if it does not.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Generous);

    /// <summary>Waits for what is bound to happen; fails the test if it does not.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Generous);
}
