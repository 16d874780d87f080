using System.Linq.Expressions;

namespace Akka.Actor;

/// <summary>How to create an actor: its type and arguments, or a producer. Immutable; safe to share and to use again.</summary>
public class Props : IEquatable<Props>
{
    private readonly IIndirectActorProducer _producer;

    /// <summary>For an actor type with a constructor that fits <paramref name="args"/>.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public Props(Type type, object[] args)
        : this(ActivatorProducer.For(CheckActor(type), args), args, null, -1)
    {
    }

    /// <summary>For an actor type with a constructor without parameters.</summary>
    public Props(Type type)
        : this(type, [])
    {
    }

    private Props(IIndirectActorProducer producer, object[] args, SupervisorStrategy? strategy, int stashCapacity)
    {
        _producer = producer;
        Arguments = args;
        SupervisorStrategy = strategy;
        StashCapacity = stashCapacity;
    }

    /// <summary>The type of the actor.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>The name of the actor's type.</summary>
    public string TypeName => Type.AssemblyQualifiedName!;

    /// <summary>The arguments of the actor's constructor.</summary>
    public object[] Arguments { get; }

    /// <summary>The strategy that replaces the actor's own, or null.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    internal int StashCapacity { get; }

    /// <summary>Whether the actor runs on the thread that sends to it, where no other is running it: a test's own actors.</summary>
    internal bool RunsOnCallingThread { get; private init; }

    /// <summary>From an expression <c>() =&gt; new MyActor(arguments)</c>; the arguments are evaluated now, once.</summary>
    /// <exception cref="ArgumentException">The expression is not a constructor call.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is UnaryExpression)
        {
            throw new ArgumentException(
                $"Props.Create<{typeof(TActor).Name}>: the factory must be a 'new {typeof(TActor).Name}(args)' expression, a conversion stands around it.");
        }

        if (factory.Body is not NewExpression creation)
        {
            throw new ArgumentException(
                $"Props.Create<{typeof(TActor).Name}>: the factory must be a 'new {typeof(TActor).Name}(args)' expression, it is '{factory.Body}'.");
        }

        var args = creation.Arguments.Select(ExpressionValue.Of).ToArray();
        return new Props(ActivatorProducer.For(creation.Type, creation.Constructor, args), args, supervisorStrategy, -1);
    }

    /// <summary>For a type with a constructor that fits <paramref name="args"/>.</summary>
    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase =>
        Create(typeof(TActor), args);

    /// <summary>For a type with a constructor without parameters, supervised by a strategy of its own for its children.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() =>
        new(ActivatorProducer.For(typeof(TActor), []), [], supervisorStrategy, -1);

    /// <summary>For a type with a constructor that fits <paramref name="args"/>.</summary>
    /// <exception cref="ArgumentNullException">The type is null.</exception>
    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type, nameof(type));
        return new Props(type, args ?? []);
    }

    /// <summary>For an actor that a producer makes, anew for every incarnation.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(producer, args, null, -1);
    }

    /// <summary>The same with a supervisor strategy that replaces the actor's own.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        new(_producer, Arguments, supervisorStrategy, StashCapacity);

    /// <summary>The same with a limit on the actor's stash.</summary>
    public Props WithStashCapacity(int stashCapacity) => new(_producer, Arguments, SupervisorStrategy, stashCapacity);

    /// <summary>Creates an incarnation. The runtime calls it on the actor's own turn.</summary>
    /// <exception cref="TypeLoadException">The constructor does not fit the arguments or threw.</exception>
    public virtual ActorBase NewActor()
    {
        try
        {
            return _producer.Produce() ?? throw new InvalidOperationException("The producer returned null.");
        }
        catch (Exception e)
        {
            throw new TypeLoadException($"Error while creating actor instance of type {Type} with {Arguments.Length} args: ({Describe(Arguments)})", e);
        }
    }

    internal Props OnCallingThread() =>
        new(_producer, Arguments, SupervisorStrategy, StashCapacity) { RunsOnCallingThread = true };

    /// <inheritdoc />
    public bool Equals(Props? other) =>
        other is not null && Type == other.Type && Arguments.SequenceEqual(other.Arguments)
        && StashCapacity == other.StashCapacity && Equals(SupervisorStrategy, other.SupervisorStrategy);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Type, Arguments.Length);

    internal void Release(ActorBase actor) => _producer.Release(actor);

    private static Type CheckActor(Type type) => typeof(ActorBase).IsAssignableFrom(type)
        ? type
        : throw new ArgumentException($"Unknown actor producer [{type.FullName}]: it does not derive from {nameof(ActorBase)}.", nameof(type));

    private static string Describe(object[] args) => string.Join(',', args.Select(arg => arg?.ToString() ?? "null"));
}
