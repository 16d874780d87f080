using System.Runtime.CompilerServices;
using Akka.Event;

namespace Akka.Streams.Implementation;

/// <summary>
/// The stages between two asynchronous boundaries. They run as one unit: on one thread of the pool at a time,
/// with no allocation and no synchronization for each element. Islands of one stream meet only in their
/// <see cref="AsyncBuffer{T}"/>s, and the outside world reaches them through <see cref="Post"/>.
/// </summary>
internal sealed partial class Island
{
    /// <summary>So many notes are delivered between two looks at the inbox.</summary>
    private const int Burst = 64;

    /// <summary>After so many bursts the thread goes back to the pool, for others have work as well.</summary>
    private const int BurstsPerTurn = 256;

    private readonly IStreamHost _host;
    private readonly StageLogic[] _stages;
    private readonly Connection[] _queue;
    private readonly int _mask;
    private int _head;
    private int _tail;
    private Connection? _next;
    private StageLogic? _stopped;
    private int _running;
    private bool _started;

    internal Island(IStreamHost host, StageLogic[] stages)
    {
        _host = host;
        _stages = stages;
        _running = stages.Length;
        _queue = new Connection[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, stages.Length))];
        _mask = _queue.Length - 1;
        for (var i = 0; i < stages.Length; i++)
        {
            if (i > 0) Connect(stages[i - 1], stages[i]);
            stages[i].Join(this);
        }
    }

    /// <summary>The stage that is being called.</summary>
    internal StageLogic? Active { get; set; }

    internal IStreamHost Host => _host;

    private void Connect(StageLogic producer, StageLogic consumer)
    {
        var connection = producer.Outlet!;
        connection.Producer = producer;
        connection.Consumer = consumer;
        connection.Island = this;
        ((IConsumer)consumer).ConnectTo(connection);
    }

    /// <summary>Takes a note for delivery, in the order in which they come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Deliver(Connection connection)
    {
        // Mostly there is one note at a time, and it stays out of the ring. Each wire has at most one note under way,
        // so the ring cannot overflow.
        if (_next is null && _head == _tail) _next = connection;
        else _queue[_tail++ & _mask] = connection;
    }

    /// <summary>The stage has no open port; what it still does before it returns may hold it open.</summary>
    internal void MayHaveStopped(StageLogic stage)
    {
        if (stage.IsListed) return;
        stage.IsListed = true;
        stage.NextListed = _stopped;
        _stopped = stage;
    }

    private void Start()
    {
        _started = true;
        foreach (var stage in _stages)
            Call(stage, static stage => stage.PreStart());
    }

    private void Call(StageLogic stage, Action<StageLogic> action)
    {
        try
        {
            Active = stage;
            action(stage);
        }
        catch (Exception cause)
        {
            StageThrew(stage, cause);
        }

        if (_stopped is not null) BuryStopped();
    }

    /// <summary>Delivers notes until none is left or the burst is over.</summary>
    /// <returns>False when none is left.</returns>
    private bool DeliverBurst()
    {
        var left = Burst;
        while (true)
        {
            try
            {
                while (left > 0)
                {
                    var connection = _next;
                    if (connection is not null) _next = null;
                    else if (_head == _tail) return false;
                    else connection = TakeOldest();
                    left--;
                    connection.Process();
                    if (_stopped is not null) BuryStopped();
                }

                return true;
            }
            catch (Exception cause)
            {
                StageThrew(Active!, cause);
                if (_stopped is not null) BuryStopped();
            }
        }
    }

    private Connection TakeOldest()
    {
        ref var slot = ref _queue[_head++ & _mask];
        var connection = slot;
        slot = null!;
        return connection;
    }

    private void StageThrew(StageLogic stage, Exception cause)
    {
        _host.Log.Error(cause, "Error in stage [{0}]: {1}", stage.ToString(), cause.Message);
        stage.FailStage(cause);
    }

    private void BuryStopped()
    {
        while (_stopped is { } stage)
        {
            _stopped = stage.NextListed;
            stage.NextListed = null;
            stage.IsListed = false;
            if (!stage.TryStop()) continue;
            _running--;
            Bury(stage);
        }

        Active = null;
    }

    private void Bury(StageLogic stage)
    {
        try
        {
            stage.PostStop();
        }
        catch (Exception cause)
        {
            _host.Log.Error(cause, "Error during PostStop in [{0}]", stage.ToString());
        }
    }
}
