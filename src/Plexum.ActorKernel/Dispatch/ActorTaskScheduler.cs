using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Runs the continuations of an actor's asynchronous handlers on the actor's own turn.</summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell)
    {
        _cell = cell;
    }

    /// <summary>The message whose handler is running, or null.</summary>
    public object? CurrentMessage { get; private set; }

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an action as the actor's asynchronous work.</summary>
    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>Runs asynchronous work of the actor at hand; it takes no message until the work has ended.</summary>
    /// <exception cref="InvalidOperationException">The thread runs no actor.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask must be called from an actor context.");
        cell.SuspendMailbox();
        cell.TaskScheduler.Run(asyncAction);
    }

    internal void Execute(Task task) => TryExecuteTask(task);

    /// <inheritdoc />
    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    /// <inheritdoc />
    protected override void QueueTask(Task task)
    {
        if (ActorCell.Current == _cell && (task.CreationOptions & TaskCreationOptions.LongRunning) == 0)
        {
            TryExecuteTask(task);
        }
        else
        {
            _cell.SendSystemMessage(new ActorTask(task, null, CurrentMessage));
        }
    }

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private static Exception? FailureOf(Task task) => task switch
    {
        { IsCanceled: true } => new TaskCanceledException(),
        { Exception: { InnerExceptions.Count: 1 } single } => single.InnerExceptions[0],
        _ => task.Exception,
    };

    private void Run(Func<Task> asyncAction)
    {
        CurrentMessage = _cell.CurrentMessage;
        Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, this)
            .Unwrap()
            .ContinueWith(Settle, CancellationToken.None, TaskContinuationOptions.None, this);
    }

    private void Settle(Task task)
    {
        if (FailureOf(task) is { } failure)
        {
            _cell.SendSystemMessage(new ActorTask(null, failure, CurrentMessage));
        }
        else
        {
            _cell.ResumeMailbox();
            _cell.RestartReceiveTimeout(CurrentMessage is not INotInfluenceReceiveTimeout);
        }

        CurrentMessage = null;
    }
}
