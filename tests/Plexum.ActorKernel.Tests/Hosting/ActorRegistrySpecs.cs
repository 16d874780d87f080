using Akka.Actor;
using Akka.Hosting;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Hosting;

public sealed class ActorRegistrySpecs : SystemTest
{
    [Fact]
    public void A_key_holds_one_actor_until_it_is_replaced()
    {
        var system = Start();
        var registry = ActorRegistry.For(system);
        var first = new Listener(system).Ref;
        var second = new Listener(system).Ref;

        registry.Register<string>(first);
        var e = Assert.Throws<DuplicateActorRegistryException>(() => registry.Register<string>(second));
        Assert.False(registry.TryRegister<string>(second));
        Assert.Same(first, registry.Get<string>());
        registry.Register<string>(second, overwrite: true);

        Assert.Contains("System.String", e.Message, StringComparison.Ordinal);
        Assert.Contains("overwrite=true", e.Message, StringComparison.Ordinal);
        Assert.Same(second, registry.Get<string>());
        Assert.Equal([KeyValuePair.Create(typeof(string), second)], registry);
        Assert.Same(registry, ActorRegistry.For(system));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var registry = ActorRegistry.For(Start());

        Assert.Contains("System.String", Assert.Throws<MissingActorRegistryEntryException>(() => registry.Get<string>()).Message, StringComparison.Ordinal);
        Assert.Contains("System.String", Assert.Throws<MissingActorRegistryEntryException>(() => new RequiredActor<string>(registry).ActorRef).Message, StringComparison.Ordinal);
        Assert.False(registry.TryGet<string>(out var nobody));
        Assert.Same(ActorRefs.Nobody, nobody);
        Assert.False(registry.TryRegister(typeof(string), null!));
        Assert.Throws<ArgumentNullException>(() => registry.Register<string>(null!));
    }

    [Fact]
    public async Task Who_waits_for_an_actor_gets_it_when_it_is_registered()
    {
        var system = Start();
        var registry = ActorRegistry.For(system);
        var actor = new Listener(system).Ref;
        var first = registry.GetAsync<string>();
        var key = typeof(string);
        var second = registry.GetAsync(key);
        var other = new RequiredActor<string>(registry).GetAsync();
        Assert.False(first.IsCompleted);

        registry.Register<string>(actor);

        Assert.All(await Task.WhenAll(first, second, other, registry.GetAsync<string>()).WaitAsync(Limit), found => Assert.Same(actor, found));
    }

    [Fact]
    public async Task Waiting_for_an_actor_can_be_cancelled()
    {
        var registry = ActorRegistry.For(Start());
        using var cancel = new CancellationTokenSource();
        var waiting = registry.GetAsync<string>(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
    }
}
