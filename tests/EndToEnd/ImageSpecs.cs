using Plexum.Codex.Options;
using Plexum.Codex.Requests;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// Images that begin as one and are none. codex does not fail over them: it tells the model that it left the image out, and sends
/// nothing of it (measured on 0.169.0 and 0.171.0).
/// </summary>
public sealed class ImageSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    // Whole chunks with right checksums; only the size in the head is one that no picture has.
    private const string TwoThousandMillionPixelsWide =
        "iVBORw0KGgoAAAANSUhEUn////9/////CAYAAAAUyQtmAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=";
    private const string SixtyThousandPixelsWide =
        "iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAYAAACA0nVCAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=";
    private const string WithoutAPixel = "iVBORw0KGgoAAAANSUhEUgAAAAAAAAAACAYAAAA7i3wSAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=";

    [Theory]
    [EachBackend]
    public async Task A_damaged_image_holds_up_neither_its_turn_nor_the_next_one(BackendKind backend)
    {
        byte[][] damaged =
        [
            Png[..8],
            Png[..20],
            Png[..^20],
            Convert.FromBase64String(TwoThousandMillionPixelsWide),
            Convert.FromBase64String(SixtyThousandPixelsWide),
            Convert.FromBase64String(WithoutAPixel),
            [0xFF, 0xD8, 0xFF],
            "GIF89a"u8.ToArray(),
            "RIFF\0\0\0\0WEBP"u8.ToArray(),
            [.. Png[..8], .. "<svg/>"u8],
        ];
        await using var rig = new CodexRig(model.Server, backend);
        _ = rig.System;

        await Task.WhenAll(damaged.Select((bytes, number) => TryAsync(rig, bytes, $"image-{number}")));
    }

    private async Task TryAsync(CodexRig rig, byte[] bytes, string agent)
    {
        var broken = await rig.Begin([Image(bytes), new ContentBlock.Text(agent)], agent).EndAsync();
        var whole = await rig.Begin([Image(Png), new ContentBlock.Text("And on.")], agent).EndAsync();

        Assert.Contains(agent, broken.Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal(broken.Thread, whole.Said("And on.").Thread);
        var requests = model.Server.RequestsOf(broken.Thread);
        Assert.DoesNotContain(requests[0].Input, item => item.Images.Count > 0);
        Assert.Single(requests[^1].Input.SelectMany(item => item.Images));
    }

    private static ContentBlock.Image Image(byte[] bytes) => new("image/png", Convert.ToBase64String(bytes));
}
