using System.Text;

namespace Plexum.Codex.AppServer.Wire;

public sealed class RequestTableSpecs : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<string> _sent = [];
    private readonly List<long> _expired = [];
    private readonly RequestTable _table;

    public RequestTableSpecs() => _table = new RequestTable(Limit, _time, bytes => _sent.Add(Encoding.UTF8.GetString(bytes)), _expired.Add);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void At_most_64_requests_are_with_the_server_and_the_others_follow_in_their_order()
    {
        for (var id = 1; id <= 100; id++)
        {
            Assert.True(_table.Add(id, Bytes(id)));
        }

        Assert.Equal(64, _table.InFlight);
        Assert.Equal("64", _sent[^1]);

        Assert.True(_table.Remove(10));
        Assert.True(_table.Remove(20));
        Assert.False(_table.Remove(20));
        Assert.Equal(["65", "66"], _sent[^2..]);
        Assert.Equal(64, _table.InFlight);
    }

    [Fact]
    public void What_ends_a_turn_is_sent_beside_64_slow_requests_and_ahead_of_those_that_wait()
    {
        for (var id = 1; id <= 70; id++)
        {
            _table.Add(id, Bytes(id));
        }

        for (var id = 101; id <= 120; id++)
        {
            _table.Add(id, Bytes(id), isUrgent: true);
        }

        Assert.Equal(80, _table.InFlight);
        Assert.Equal("116", _sent[^1]);
        _table.Remove(1);
        Assert.Equal("117", _sent[^1]);
        foreach (var id in Enumerable.Range(101, 16))
        {
            _table.Remove(id);
        }

        Assert.Equal("120", _sent[^1]);
        Assert.Equal(67, _table.InFlight);
        foreach (var id in Enumerable.Range(117, 4))
        {
            _table.Remove(id);
        }

        Assert.Equal(("65", 64), (_sent[^1], _table.InFlight));
        Assert.Equal(Enumerable.Range(2, 69).Select(id => (long)id), _table.Close());
    }

    [Fact]
    public void A_request_without_an_answer_expires_and_makes_room()
    {
        for (var id = 1; id <= 65; id++)
        {
            _table.Add(id, Bytes(id));
        }

        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_expired);
        Assert.True(_table.Remove(64));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(63, _expired.Count);
        Assert.DoesNotContain(64, _expired);
        Assert.DoesNotContain(65, _expired);
        Assert.Equal(1, _table.InFlight);
        _time.Advance(Limit);
        Assert.Contains(65, _expired);
    }

    [Fact]
    public void A_closed_table_names_what_was_open_and_takes_nothing_more()
    {
        for (var id = 1; id <= 70; id++)
        {
            _table.Add(id, Bytes(id));
        }

        _table.Remove(1);

        Assert.Equal(Enumerable.Range(2, 69).Select(id => (long)id), _table.Close());
        Assert.False(_table.Add(71, Bytes(71)));
        _time.Advance(Limit);
        Assert.Empty(_expired);
    }

    private static byte[] Bytes(int id) => Encoding.UTF8.GetBytes($"{id}");
}
