using Akka.Streams.Implementation;
using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>The operators, each as a graph that sources and flows append alike.</summary>
internal static class Operators
{
    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> Select<TIn, TOut>(Func<TIn, TOut> mapper)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        return Of<TIn, TOut>("select", attributes => new SelectLogic<TIn, TOut>(mapper, attributes));
    }

    internal static IGraph<FlowShape<T, T>, NotUsed> Where<T>(Predicate<T> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Of<T, T>("where", attributes => new WhereLogic<T>(predicate, attributes));
    }

    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> SelectMany<TIn, TOut>(Func<TIn, IEnumerable<TOut>> expand)
    {
        ArgumentNullException.ThrowIfNull(expand);
        return StatefulSelectMany(() => expand);
    }

    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> StatefulSelectMany<TIn, TOut>(Func<Func<TIn, IEnumerable<TOut>>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Of<TIn, TOut>("statefulSelectMany", attributes => new StatefulSelectManyLogic<TIn, TOut>(factory, attributes));
    }

    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> SelectAsync<TIn, TOut>(int parallelism, Func<TIn, Task<TOut>> mapper)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        return Of<TIn, TOut>("selectAsync", attributes => new SelectAsyncLogic<TIn, TOut>(parallelism, mapper, attributes));
    }

    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> SelectAsyncUnordered<TIn, TOut>(int parallelism, Func<TIn, Task<TOut>> mapper)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        return Of<TIn, TOut>("selectAsyncUnordered", attributes => new SelectAsyncUnorderedLogic<TIn, TOut>(parallelism, mapper, attributes));
    }

    internal static IGraph<FlowShape<T, T>, NotUsed> Take<T>(long n) => Of<T, T>("take", _ => new TakeLogic<T>(n));

    internal static IGraph<FlowShape<T, T>, NotUsed> TakeWhile<T>(Predicate<T> predicate, bool inclusive)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Of<T, T>("takeWhile", attributes => new TakeWhileLogic<T>(predicate, inclusive, attributes));
    }

    internal static IGraph<FlowShape<T, IEnumerable<T>>, NotUsed> Grouped<T>(int n)
    {
        if (n <= 0) throw new ArgumentException($"A group of {n} elements cannot be made; count must be greater than 0.", nameof(n));
        return Of<T, IEnumerable<T>>("grouped", _ => new GroupedLogic<T>(n));
    }

    internal static IGraph<FlowShape<T, T>, NotUsed> Recover<T>(Func<Exception, Option<T>> recover)
    {
        ArgumentNullException.ThrowIfNull(recover);
        return Of<T, T>("recover", _ => new RecoverLogic<T>(recover));
    }

    internal static IGraph<FlowShape<TIn, TOut>, NotUsed> Aggregate<TIn, TOut>(TOut zero, Func<TOut, TIn, TOut> fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        return Of<TIn, TOut>("aggregate", attributes => new AggregateLogic<TIn, TOut>(zero, fold, attributes));
    }

    internal static IGraph<FlowShape<T, T>, NotUsed> Buffer<T>(int size, OverflowStrategy strategy) =>
        Of<T, T>("buffer", _ => new BufferLogic<T>(size, strategy));

    internal static IGraph<FlowShape<T, T>, Task<Done>> WatchTermination<T>() =>
        new Graph<FlowShape<T, T>, Task<Done>>(Layout.Stage("terminationWatcher", static _ => new WatchTerminationLogic<T>()));

    private static Graph<FlowShape<TIn, TOut>, NotUsed> Of<TIn, TOut>(string name, StageFactory create) =>
        new(Layout.Stage(name, create));
}
