namespace Plexum.Codex.Molecule;

/// <summary>Which requests go wrong. Requests are named as <c>POST /workspaces/…/notify</c>; a part of the name is enough.</summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<(string Part, Fault Fault, int Times)> _faults = [];
    private (double Share, Random Random, Fault[] Kinds)? _random;
    private int _dealt;

    /// <summary>How many requests went wrong.</summary>
    public int Dealt => Volatile.Read(ref _dealt);

    /// <summary>The next requests of that name go wrong.</summary>
    public void Next(string part, Fault fault, int times = 1)
    {
        lock (_lock)
        {
            _faults.Add((part, fault, times));
        }
    }

    /// <summary>All requests of that name go wrong, until <see cref="Clear"/>.</summary>
    public void Always(string part, Fault fault) => Next(part, fault, int.MaxValue);

    /// <summary>A share of all requests goes wrong, in one of these ways each.</summary>
    /// <param name="share">How many of them: 0.2 for one in five.</param>
    /// <param name="seed">Which of them.</param>
    /// <param name="kinds">How.</param>
    public void FailShare(double share, int seed, params Fault[] kinds)
    {
        lock (_lock)
        {
            _random = (share, new Random(seed), kinds);
        }
    }

    /// <summary>Everything goes well from now on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
            _random = null;
        }
    }

    internal Fault? Take(string name)
    {
        var fault = Find(name);
        if (fault is not null)
        {
            Interlocked.Increment(ref _dealt);
        }

        return fault;
    }

    private Fault? Find(string name)
    {
        lock (_lock)
        {
            var at = _faults.FindIndex(fault => name.Contains(fault.Part, StringComparison.Ordinal));
            if (at >= 0)
            {
                var (part, fault, times) = _faults[at];
                if (times == 1)
                {
                    _faults.RemoveAt(at);
                }
                else if (times != int.MaxValue)
                {
                    _faults[at] = (part, fault, times - 1);
                }

                return fault;
            }

            return _random is var (share, random, kinds) && random.NextDouble() < share ? kinds[random.Next(kinds.Length)] : null;
        }
    }
}
