namespace Akka.Streams.Supervision;

/// <summary>The deciders that give the same answer to every error.</summary>
public static class Deciders
{
    /// <summary>Every error fails the stream; this is what holds where nothing else is said.</summary>
    public static readonly Decider StoppingDecider = _ => Directive.Stop;

    /// <summary>Every error costs the element and nothing else.</summary>
    public static readonly Decider ResumingDecider = _ => Directive.Resume;

    /// <summary>Every error costs the element and what the stage has accumulated.</summary>
    public static readonly Decider RestartingDecider = _ => Directive.Restart;
}
