using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Plexum.Codex.Host.Connections;

public sealed class ConnectionTableSpecs : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new();
    private readonly ConnectionTable _table;

    public ConnectionTableSpecs() => _table = new ConnectionTable(5, 3, Limit, _time);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Too_many_strangers_push_out_the_oldest_of_them()
    {
        var (first, second, third, fourth) = (Add(), Add(), Add(), Add());

        Assert.True(first.IsClosed);
        Assert.Equal([false, false, false], new[] { second, third, fourth }.Select(connection => connection.IsClosed));
        Assert.Equal((3, 3), _table.Count);
    }

    [Fact]
    public async Task Who_sends_nothing_goes_before_who_has_sent_something()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var server = await listener.AcceptAsync();
        await client.SendAsync("GET "u8.ToArray());
        var owner = new TestConnection(_table, server);
        await Limits.UntilAsync(() => owner.Counted.HasSpoken);
        Assert.True(_table.TryAdd(owner.Counted));

        for (var i = 0; i < 100; i++)
        {
            Add();
        }

        Assert.False(owner.IsClosed);
        Assert.Equal((3, 3), _table.Count);
    }

    [Fact]
    public void No_stranger_pushes_out_who_has_shown_a_token()
    {
        var known = AddKnown();

        for (var i = 0; i < 100; i++)
        {
            Add();
        }

        Assert.False(known.IsClosed);
        Assert.Equal((4, 3), _table.Count);
    }

    [Fact]
    public void When_all_have_shown_a_token_there_is_no_room_for_another()
    {
        TestConnection[] known = [AddKnown(), AddKnown(), AddKnown(), AddKnown(), AddKnown()];

        Assert.False(_table.TryAdd(new TestConnection(_table).Counted));
        Assert.All(known, connection => Assert.False(connection.IsClosed));
    }

    [Fact]
    public void When_the_table_is_full_the_oldest_stranger_makes_room()
    {
        _ = (AddKnown(), AddKnown(), AddKnown(), AddKnown());
        var stranger = Add();

        var next = Add();

        Assert.True(stranger.IsClosed);
        Assert.False(next.IsClosed);
        Assert.Equal((5, 1), _table.Count);
    }

    [Fact]
    public void Who_shows_no_token_in_time_is_closed_and_nobody_else()
    {
        var known = AddKnown();
        var early = Add();
        _time.Advance(Limit / 2);
        var late = Add();

        _time.Advance(Limit / 2);
        Assert.Equal((true, false), (early.IsClosed, late.IsClosed));
        _time.Advance(Limit / 2);

        Assert.Equal((true, false), (late.IsClosed, known.IsClosed));
        Assert.False(_time.HasTimerWithin(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_token_that_is_refused_later_makes_a_stranger_with_new_time()
    {
        var connection = AddKnown();
        _time.Advance(3 * Limit);

        connection.Counted.Refused();

        Assert.Equal((1, 1), _table.Count);
        Assert.False(connection.IsClosed);
        _time.Advance(Limit);
        Assert.True(connection.IsClosed);
    }

    [Fact]
    public void A_wrong_token_gives_a_stranger_no_more_time()
    {
        var stranger = Add();
        _time.Advance(Limit / 2);

        stranger.Counted.Refused();
        _time.Advance(Limit / 2);

        Assert.True(stranger.IsClosed);
    }

    [Fact]
    public async Task What_has_ended_makes_room()
    {
        var (known, stranger) = (AddKnown(), Add());

        await known.Counted.DisposeAsync();
        await stranger.Counted.DisposeAsync();

        Assert.Equal((0, 0), _table.Count);
    }

    [Fact]
    public void Where_nobody_need_show_a_token_only_the_number_counts()
    {
        using var local = new ConnectionTable(2, 0, Limit, _time);
        TestConnection[] two = [new(local), new(local)];

        Assert.All(two, connection => Assert.True(local.TryAdd(connection.Counted)));
        Assert.False(local.TryAdd(new TestConnection(local).Counted));
        _time.Advance(2 * Limit);
        Assert.All(two, connection => Assert.False(connection.IsClosed));
    }

    private TestConnection Add()
    {
        var connection = new TestConnection(_table);
        Assert.True(_table.TryAdd(connection.Counted));
        return connection;
    }

    private TestConnection AddKnown()
    {
        var connection = Add();
        connection.Counted.Authenticated();
        return connection;
    }

    private sealed class TestConnection
    {
        private readonly Func<bool> _isClosed;

        public TestConnection(ConnectionTable table, Socket? socket = null)
        {
            var transport = new FakeTransport();
            if (socket is not null)
            {
                transport.Features.Set<IConnectionSocketFeature>(new SocketFeature(socket));
            }

            _isClosed = () => transport.IsClosed;
            Counted = new ApiConnection(transport, table, () => { });
        }

        public ApiConnection Counted { get; }

        public bool IsClosed => _isClosed();
    }

    private sealed record SocketFeature(Socket Socket) : IConnectionSocketFeature;

    private sealed class FakeTransport : ConnectionContext
    {
        public bool IsClosed { get; private set; }

        public override string ConnectionId { get; set; } = "test";

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; } = null!;

        public override void Abort(ConnectionAbortedException abortReason) => IsClosed = true;
    }
}
