namespace Akka.Actor;

/// <summary>Makes the strategy of the user's guardian, as <c>akka.actor.guardian-supervisor-strategy</c> names it.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>Makes the strategy.</summary>
    public abstract SupervisorStrategy Create();

    /// <summary>Makes the configurator of a type by its name.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        if (typeName is null or "" || typeName.StartsWith("Akka.Actor.DefaultSupervisorStrategy", StringComparison.Ordinal))
        {
            return new DefaultSupervisorStrategy();
        }

        if (typeName.StartsWith("Akka.Actor.StoppingSupervisorStrategy", StringComparison.Ordinal))
        {
            return new StoppingSupervisorStrategy();
        }

        var type = Type.GetType(typeName) ?? throw new ArgumentException(
            $"akka.actor.guardian-supervisor-strategy names the type [{typeName}], which cannot be found.", nameof(typeName));
        return (SupervisorStrategyConfigurator)Activator.CreateInstance(type)!;
    }
}

/// <summary>Failed top-level actors are restarted.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>Failed top-level actors are stopped.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
