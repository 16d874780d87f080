namespace Akka.Streams.Implementation;

/// <summary>
/// Walks an enumerable one step ahead, so that its end is known together with its last element. What it throws
/// on the way comes out, in an <see cref="AggregateException"/>, only when the element in question is taken.
/// </summary>
internal sealed class Lookahead<T>
{
    private IEnumerator<T>? _enumerator;
    private Exception? _error;

    /// <summary>There is an element to take, or an error in its place.</summary>
    internal bool HasNext => _enumerator is not null;

    internal void Begin(IEnumerable<T> elements)
    {
        Drop();
        _enumerator = elements.GetEnumerator();
        Advance();
    }

    internal T Take()
    {
        if (_error is not null) throw new AggregateException(_error);
        var element = _enumerator!.Current;
        Advance();
        return element;
    }

    /// <summary>Leaves the rest.</summary>
    internal void Drop()
    {
        var enumerator = _enumerator;
        _enumerator = null;
        _error = null;
        enumerator?.Dispose();
    }

    private void Advance()
    {
        try
        {
            if (!_enumerator!.MoveNext()) Drop();
        }
        catch (Exception cause)
        {
            _error = cause;
        }
    }
}
