namespace Plexum.Codex.Sqlite;

/// <summary>A pending write.</summary>
internal abstract class SqliteOperation
{
    /// <summary>Writes it, in a transaction that may still fail.</summary>
    public abstract void Apply(SqliteStatements statements);

    /// <summary>Called once it is durable.</summary>
    public abstract void Complete();

    /// <summary>Called when it could not be written.</summary>
    /// <returns>Whether the caller got the failure, so that it need not be retried.</returns>
    public abstract bool Fail(Exception reason);

    /// <summary>Called when it will no longer be written.</summary>
    public virtual void Abandon(Exception reason) { }
}

/// <summary>A write whose caller waits for it and gets its failure.</summary>
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
            // One of our own rules rejected it before anything was written, so the rest of the transaction is unaffected.
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

/// <summary>A write that nobody waits for; it is retried until it is written.</summary>
internal sealed class SqliteNote(Action<SqliteStatements> write) : SqliteOperation
{
    public override void Apply(SqliteStatements statements) => write(statements);

    public override void Complete() { }

    public override bool Fail(Exception reason) => false;
}

/// <summary>A write whose caller waits for it; it is retried until it is written.</summary>
internal class SqlitePromise(Action<SqliteStatements> write) : SqliteOperation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Apply(SqliteStatements statements) => write(statements);

    public override void Complete() => _done.TrySetResult();

    public override bool Fail(Exception reason) => false;

    public override void Abandon(Exception reason) => _done.TrySetException(reason);
}

/// <summary>Changes nothing, but is written to the disk. It is retried until that succeeds.</summary>
internal sealed class SqliteProbe : SqliteOperation
{
    public override void Apply(SqliteStatements statements)
    {
        long version;
        using (var row = statements.Statement("PRAGMA user_version").Read())
        {
            version = row.Read() ? row.GetInt64(0) : 0;
        }

        statements.Statement(FormattableString.Invariant($"PRAGMA user_version = {version}")).Execute();
    }

    public override void Complete() { }

    public override bool Fail(Exception reason) => false;
}

/// <summary>Completes when everything before it is durable.</summary>
internal sealed class SqliteBarrier() : SqlitePromise(_ => { });
