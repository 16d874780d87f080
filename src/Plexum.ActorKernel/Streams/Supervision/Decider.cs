namespace Akka.Streams.Supervision;

/// <summary>Says what a stage does after a function that was given to it has thrown.</summary>
public delegate Directive Decider(Exception cause);
