using System.Reflection;
using Plexum.Codex.Ledger;

namespace Plexum.Codex.TestSupport;

/// <summary>A ledger on a file system that hangs. It takes what a daemon's health asks of it, and never answers.</summary>
public class HangingLedger : DispatchProxy
{
    private int _asked;

    /// <summary>Creates one.</summary>
    public static ITurnLedger New() => Create<ITurnLedger, HangingLedger>();

    /// <summary>How often it was asked for something.</summary>
    public static int AskedOf(ITurnLedger ledger) => Volatile.Read(ref ((HangingLedger)ledger)._asked);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Interlocked.Increment(ref _asked);
        return targetMethod?.Name switch
        {
            nameof(ITurnLedger.OpenTurnsAsync) => new TaskCompletionSource<OpenTurns>().Task,
            nameof(ITurnLedger.FlushAsync) => new TaskCompletionSource().Task,
            var name => throw new NotSupportedException($"{name} is not asked of a ledger that hangs."),
        };
    }
}
