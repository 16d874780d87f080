using System.Numerics;

namespace Akka.Streams.Implementation;

/// <summary>
/// The bounded hand-over between two islands: one writes, the other reads, and neither ever blocks. The reader
/// grants room in batches, first the whole buffer and then half of it whenever it has taken half, so the writer's
/// island pulls no more than the reader has room for.
/// </summary>
internal sealed class AsyncBuffer<T>
{
    private readonly T[] _slots;
    private readonly int _mask;

    private AsyncBuffer(int capacity)
    {
        Capacity = capacity;
        _slots = new T[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _mask = _slots.Length - 1;
        Writer = new BoundaryWriter<T>(this);
        Reader = new BoundaryReader<T>(this);
    }

    internal int Capacity { get; }

    internal BoundaryWriter<T> Writer { get; }

    internal BoundaryReader<T> Reader { get; }

    internal ref T this[long position] => ref _slots[(int)position & _mask];

    internal static (StageLogic Writer, StageLogic Reader) Create(int capacity)
    {
        var buffer = new AsyncBuffer<T>(capacity);
        return (buffer.Writer, buffer.Reader);
    }
}
