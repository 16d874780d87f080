namespace Plexum.Codex.Ledger;

/// <summary>Something that the writer shall write.</summary>
internal abstract class SqliteOperation
{
    /// <summary>Writes it, inside a transaction that may still fail.</summary>
    public abstract void Apply(SqliteStatements statements);

    /// <summary>It is durable.</summary>
    public abstract void Complete();

    /// <summary>It could not be written.</summary>
    /// <returns>Whether somebody was told, so that it need not be tried again.</returns>
    public abstract bool Fail(Exception reason);

    /// <summary>It will not be written any more.</summary>
    public virtual void Abandon(Exception reason) { }
}

/// <summary>Somebody waits for it and hears of a failure.</summary>
internal sealed class SqliteDemand<T>(Func<SqliteStatements, T> write) : SqliteOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (T? Value, CodexException? Refusal) _result;

    public Task<T> Done => _done.Task;

    public override void Apply(SqliteStatements statements)
    {
        try
        {
            _result = (write(statements), null);
        }
        catch (CodexException e)
        {
            // Refused by a rule of ours before anything was written: the others in the transaction do not suffer.
            _result = (default, e);
        }
    }

    public override void Complete()
    {
        if (_result.Refusal is { } refusal)
        {
            _done.TrySetException(refusal);
        }
        else
        {
            _done.TrySetResult(_result.Value!);
        }
    }

    public override bool Fail(Exception reason) => _done.TrySetException(reason) || _done.Task.IsCompleted;
}

/// <summary>Nobody waits for it, so it is kept until it is written.</summary>
internal sealed class SqliteNote(Action<SqliteStatements> write) : SqliteOperation
{
    public override void Apply(SqliteStatements statements) => write(statements);

    public override void Complete() { }

    public override bool Fail(Exception reason) => false;
}

/// <summary>Somebody waits for it, and it is kept until it is written.</summary>
internal class SqlitePromise(Action<SqliteStatements> write) : SqliteOperation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Apply(SqliteStatements statements) => write(statements);

    public override void Complete() => _done.TrySetResult();

    public override bool Fail(Exception reason) => false;

    public override void Abandon(Exception reason) => _done.TrySetException(reason);
}

/// <summary>Is durable when everything before it is.</summary>
internal sealed class SqliteBarrier() : SqlitePromise(_ => { });
