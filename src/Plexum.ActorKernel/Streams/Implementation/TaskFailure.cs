namespace Akka.Streams.Implementation;

internal static class TaskFailure
{
    /// <summary>Why a task did not succeed, in the form in which streams fail with it: the aggregate, as the task has it.</summary>
    internal static Exception Failure(this Task task) => (Exception?)task.Exception ?? new TaskCanceledException(task);
}
