using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.Host.Api;

[Collection(MemoryTests.Name)]
public sealed class SlowReaderSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task E3_A_reader_that_is_slow_holds_up_neither_the_turn_nor_other_readers()
    {
        // More than any buffer holds, and small enough that what pools keep of it for half a minute (System.Buffers.ArrayPool) is less than
        // what twenty readers must not hold.
        Stage.Codex.Script(
            "touch " + Stage.Codex.File("ready"),
            "wait " + Stage.Codex.File("go"),
            "thread",
            "turn",
            "long 500000",
            "completed 1 1"
        );
        await Stage.StartHostAsync();

        // What such a turn and a reader that is not slow leave behind, in pools for example.
        Stage.Codex.Touch("go");
        var first = await Stage.Api.SubmitAsync("first");
        await Stage.Api.EventsAsync(first);
        await Stage.Api.EndedAsync(first);
        var without = await MemoryTests.InUseAsync();
        File.Delete(Stage.Codex.File("go"));

        var turn = await Stage.Api.SubmitAsync("x");
        var sleepers = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            sleepers.Add(await Stage.Api.ConnectAsync());
            await sleepers[i].SendAsync(Encoding.ASCII.GetBytes($"GET /v1/turns/{turn}/events HTTP/1.1\r\nHost: plexum\r\n\r\n"));
        }

        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 20);
        Stage.Codex.Touch("go");
        Assert.Equal("message_end", (await Stage.Api.EventsAsync(turn))[^1].Type);
        await Stage.Api.EndedAsync(turn);

        Assert.Equal(20, Stage.Host.Context.Readers);
        await Limits.UntilAsync(async () => await MemoryTests.InUseAsync() - without < 20 * 256 * 1024);
        sleepers.ForEach(sleeper => sleeper.Dispose());
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 0);
    }
}
