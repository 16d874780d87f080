namespace Akka.Streams.Implementation;

/// <summary>A stage with an outlet only.</summary>
internal abstract class SourceLogic<TOut>(string name) : StageLogic(name), IProducer
{
    private protected Connection<TOut> Out { get; } = new();

    internal override Connection Outlet => Out;

    (StageLogic Writer, StageLogic Reader) IProducer.CreateBoundary(int bufferSize) => AsyncBuffer<TOut>.Create(bufferSize);
}

/// <summary>A stage with an inlet only.</summary>
internal abstract class SinkLogic<TIn>(string name) : StageLogic(name), IConsumer
{
    private protected Connection<TIn> In { get; private set; } = null!;

    internal override Connection Inlet => In;

    void IConsumer.ConnectTo(Connection upstream) => In = (Connection<TIn>)upstream;
}

/// <summary>A stage with an inlet and an outlet.</summary>
internal abstract class FlowLogic<TIn, TOut>(string name) : StageLogic(name), IProducer, IConsumer
{
    private protected Connection<TIn> In { get; private set; } = null!;

    private protected Connection<TOut> Out { get; } = new();

    internal override Connection Inlet => In;

    internal override Connection Outlet => Out;

    internal override void OnPull() => In.Pull();

    void IConsumer.ConnectTo(Connection upstream) => In = (Connection<TIn>)upstream;

    (StageLogic Writer, StageLogic Reader) IProducer.CreateBoundary(int bufferSize) => AsyncBuffer<TOut>.Create(bufferSize);
}

/// <summary>A stage that gives elements.</summary>
internal interface IProducer
{
    /// <summary>Makes the two stages that carry this stage's elements into another island.</summary>
    (StageLogic Writer, StageLogic Reader) CreateBoundary(int bufferSize);
}

/// <summary>A stage that takes elements.</summary>
internal interface IConsumer
{
    void ConnectTo(Connection upstream);
}
