using Akka.Actor;

namespace Akka.Event;

/// <summary>Who logs: a name to print and a type to filter by.</summary>
public readonly struct LogSource
{
    private LogSource(string source, Type type)
    {
        Source = source;
        Type = type;
    }

    /// <summary>The name: an actor's path, a type's name, or a text as given.</summary>
    public string Source { get; }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>The source for a context, an actor, a text, a type or any other object.</summary>
    public static LogSource Create(object o) => o switch
    {
        IActorContext context => new(context.Self.Path.ToString(), SourceType(o)),
        IActorRef actor => new(actor.Path.ToString(), SourceType(o)),
        string text => new(text, SourceType(o)),
        _ => new(Logging.SimpleName(SourceType(o)), SourceType(o)),
    };

    /// <summary>As <see cref="Create(object)"/>, with the name of the system in it.</summary>
    public static LogSource Create(object o, ActorSystem system) => o switch
    {
        LogSource source => source,
        IActorContext context => new(context.Self.Path.ToString(), SourceType(o)),
        IActorRef actor => new(actor.Path.ToString(), SourceType(o)),
        string text => new($"{text} ({system})", SourceType(o)),
        _ => new($"{Logging.SimpleName(SourceType(o))} ({system})", SourceType(o)),
    };

    /// <summary>The source with this name and type.</summary>
    public static LogSource Create(string source, Type t) => new(source, t);

    /// <summary>The type that stands for <paramref name="o"/>; for a context the actor's.</summary>
    public static Type SourceType(object o) => o switch
    {
        Type type => type,
        IActorContext context => context.Props.Type,
        string => typeof(DummyClassForStringSources),
        _ => o.GetType(),
    };
}

/// <summary>The type of a log source that is only a text.</summary>
public class DummyClassForStringSources
{
}
