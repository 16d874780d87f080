namespace Akka.Actor;

/// <summary>
/// Work ordered by its due time: a heap with four branches, in which each piece knows its place, so that cancelled
/// pieces are taken out at once. Not thread-safe.
/// </summary>
internal sealed class ScheduledWorkQueue
{
    private ScheduledWork[] _heap = new ScheduledWork[16];

    public int Count { get; private set; }

    public ScheduledWork? First => Count == 0 ? null : _heap[0];

    public void Add(ScheduledWork work)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        MoveUp(work, Count++);
    }

    public bool Remove(ScheduledWork work)
    {
        var hole = work.Index;
        if (hole < 0)
        {
            return false;
        }

        work.Index = -1;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (hole < Count)
        {
            if (hole > 0 && IsBefore(last, _heap[(hole - 1) / 4]))
            {
                MoveUp(last, hole);
            }
            else
            {
                MoveDown(last, hole);
            }
        }

        return true;
    }

    private static bool IsBefore(ScheduledWork a, ScheduledWork b) =>
        a.Due < b.Due || (a.Due == b.Due && a.Order < b.Order);

    private void MoveUp(ScheduledWork work, int hole)
    {
        while (hole > 0)
        {
            var parent = (hole - 1) / 4;
            if (!IsBefore(work, _heap[parent]))
            {
                break;
            }

            Put(_heap[parent], hole);
            hole = parent;
        }

        Put(work, hole);
    }

    private void MoveDown(ScheduledWork work, int hole)
    {
        while (true)
        {
            var first = (hole * 4) + 1;
            if (first >= Count)
            {
                break;
            }

            var least = first;
            for (var child = first + 1; child < Math.Min(first + 4, Count); child++)
            {
                if (IsBefore(_heap[child], _heap[least]))
                {
                    least = child;
                }
            }

            if (!IsBefore(_heap[least], work))
            {
                break;
            }

            Put(_heap[least], hole);
            hole = least;
        }

        Put(work, hole);
    }

    private void Put(ScheduledWork work, int index)
    {
        _heap[index] = work;
        work.Index = index;
    }
}
