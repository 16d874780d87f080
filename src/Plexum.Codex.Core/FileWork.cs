#pragma warning disable RS0030 // This is the one place that may.

namespace Plexum.Codex;

/// <summary>Runs work that touches files outside the actor that needs it.</summary>
public static class FileWork
{
    /// <summary>Runs the work on the thread pool.</summary>
    public static Task<T> Run<T>(Func<T> work) => Task.Run(work);

    /// <summary>Runs the work on the thread pool.</summary>
    public static Task<T> Run<T>(Func<Task<T>> work) => Task.Run(work);

    /// <summary>Runs the work on the thread pool.</summary>
    public static Task Run(Action work) => Task.Run(work);

    /// <summary>Runs the work on the thread pool.</summary>
    public static Task Run(Func<Task> work) => Task.Run(work);
}
