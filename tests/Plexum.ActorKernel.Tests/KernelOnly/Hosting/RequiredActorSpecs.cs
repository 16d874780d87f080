using Akka.Hosting;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Hosting;

/// <summary>In Akka.Hosting a look-up that came too early is remembered as nobody.</summary>
public sealed class RequiredActorSpecs : SystemTest
{
    [Fact]
    public async Task Asking_too_early_spoils_nothing()
    {
        var system = Start();
        var registry = ActorRegistry.For(system);
        var actor = new Listener(system).Ref;
        var required = new RequiredActor<string>(registry);
        Assert.Throws<MissingActorRegistryEntryException>(() => required.ActorRef);

        registry.Register<string>(actor);

        Assert.Same(actor, required.ActorRef);
        Assert.Same(actor, await required.GetAsync().WaitAsync(Limit));
    }
}
