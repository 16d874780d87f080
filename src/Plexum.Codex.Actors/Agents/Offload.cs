namespace Plexum.Codex;

/// <summary>Runs work that touches files outside the actor that needs it.</summary>
internal static class FileWork
{
    public static Task<T> Run<T>(Func<T> work) => Task.Run(work);

    public static Task<T> Run<T>(Func<Task<T>> work) => Task.Run(work);

    public static Task Run(Func<Task> work) => Task.Run(work);
}
