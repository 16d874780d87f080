using System.Net.Sockets;
using System.Net.WebSockets;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.AppServer.Wire;

public sealed class MessageReaderSpecs : IDisposable
{
    private const int Limit = 5000;

    private readonly TemporaryDirectory _directory = new();
    private readonly WebSocket _server;
    private readonly WebSocket _client;

    public MessageReaderSpecs()
    {
        var address = new UnixDomainSocketEndPoint(_directory.File("s"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        var near = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        near.Connect(address);
        _client = Of(near, isServer: false);
        _server = Of(listener.Accept(), isServer: true);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Fragments_of_any_size_are_put_together_and_a_message_above_the_limit_costs_only_itself()
    {
        var messages = Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 4000)));
        var reader = new MessageReader(_client, Limit);
        Prop.ForAll(messages.ToArbitrary(), all => ReadsAsync(reader, all).WithinLimit().GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public async Task The_end_of_the_connection_is_no_message()
    {
        await _server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.Null(await new MessageReader(_client, Limit).ReadAsync(CancellationToken.None).WithinLimit());
    }

    private async Task ReadsAsync(MessageReader reader, IEnumerable<int[]> messages)
    {
        byte letter = 0;
        foreach (var sizes in messages)
        {
            letter++;
            var sent = SendAsync(sizes, letter);
            var message = Assert.IsType<ReceivedMessage>(await reader.ReadAsync(CancellationToken.None));
            await sent;

            var length = sizes.Sum();
            Assert.Equal(length, message.Length);
            Assert.Equal(length <= Limit, message.IsWhole);
            Assert.Equal(Math.Min(length, Limit), message.Bytes.Length);
            Assert.True(message.Bytes.Span.IndexOfAnyExcept(letter) < 0);
        }
    }

    private async Task SendAsync(int[] sizes, byte letter)
    {
        foreach (var size in sizes)
        {
            var part = new byte[size];
            part.AsSpan().Fill(letter);
            await _server.SendAsync(part, WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
        }

        await _server.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }

    private static WebSocket Of(Socket socket, bool isServer) =>
        WebSocket.CreateFromStream(
            new NetworkStream(socket, ownsSocket: true),
            new WebSocketCreationOptions { IsServer = isServer, KeepAliveInterval = TimeSpan.Zero }
        );
}
