using System.Runtime.CompilerServices;

namespace Akka.Streams.Implementation;

/// <summary>A wire that carries elements of one type.</summary>
internal sealed class Connection<T> : Connection
{
    private T _element = default!;

    /// <summary>Hands one element to the consumer.</summary>
    /// <exception cref="ArgumentNullException">The element is null; streams carry no nulls.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(T element)
    {
        if (element is null) throw Null(element);
        if (State == Pulled)
        {
            _element = element;
            State = PushPending;
            Island.Deliver(this);
        }
        else
            PushUnasked();
    }

    /// <summary>Takes the element that was pushed; called once for each push.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Grab()
    {
        var element = _element;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _element = default!;
        return element;
    }

    private protected override void ForgetElement() => _element = default!;

    private static ArgumentNullException Null(T? element) => new(nameof(element), "Element must not be null, rule 2.13");
}
