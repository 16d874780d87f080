using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Requests;

/// <summary>
/// An image of a prompt: <see cref="Inline"/> bytes, or a <see cref="File"/> on the host. Both are written into the turn's
/// directory, so no path from a message becomes an argument of codex.
/// </summary>
public abstract record PromptImage
{
    /// <summary>The maximum size of an image, in bytes.</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    private PromptImage() { }

    /// <summary>An image that came with the message.</summary>
    /// <param name="Bytes">The image data.</param>
    /// <param name="Extension">Its file extension, without the dot.</param>
    public sealed record Inline(ReadOnlyMemory<byte> Bytes, string Extension) : PromptImage;

    /// <summary>An image in a file on the host.</summary>
    /// <param name="Path">The absolute path.</param>
    public sealed record File(string Path) : PromptImage;

    internal static bool TryCreate(
        ContentBlock.Image block,
        int number,
        [NotNullWhen(true)] out PromptImage? image,
        [NotNullWhen(false)] out TurnRefusal? refusal
    )
    {
        image = null;
        refusal = null;
        if (block.Base64 is { Length: > 0 } base64)
        {
            image = FromBase64(base64, block.MediaType, number, out refusal);
        }
        else if (block.Path is { Length: > 0 } path)
        {
            refusal =
                path.Contains('\0', StringComparison.Ordinal)
                    ? Refuse(number, $"its path \"{path}\" has a NUL character, which no path can have; name the file as it is called")
                : !Path.IsPathFullyQualified(path) ? Refuse(number, $"its path \"{path}\" is not absolute; give one that starts with /")
                : null;
            image = refusal is null ? new File(path) : null;
        }
        else if (block.Url is { } url && TrySplitDataUrl(url, out var mediaType, out var data))
        {
            image = FromBase64(data, mediaType, number, out refusal);
        }
        else if (block is { Base64: not null, Path: null, Url: null })
        {
            refusal = Refuse(number, "its base64 is empty; send the image's bytes in it");
        }
        else
        {
            refusal = Refuse(number, "codex reads images from files only; send it as base64 or as the absolute path of a file");
        }

        return image is not null;
    }

    /// <summary>Refuses the turn because of an image.</summary>
    /// <param name="number">Which image of the message it is, counting from 1.</param>
    /// <param name="why">What is wrong with it and what to do, as the end of a sentence.</param>
    public static TurnRefusal Refuse(int number, string why) =>
        new(TurnRefusalReason.BadImage, $"codex: image {number} of the message cannot be used: {why}");

    /// <summary>Whether codex supports an image, by its first bytes: PNG, JPEG, GIF and WebP.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> bytes) => ExtensionOf(bytes) is not null;

    /// <summary>The file extension for an image, from its first bytes; null if codex does not support it.</summary>
    internal static string? ExtensionOf(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "png",
            [0xFF, 0xD8, 0xFF, ..] => "jpg",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "gif",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp",
            _ => null,
        };

    private static Inline? FromBase64(string base64, string? mediaType, int number, out TurnRefusal? refusal)
    {
        refusal = null;
        if (base64.Length / 4L * 3 > MaxBytes + 3)
        {
            refusal = Refuse(number, $"it is larger than {MaxBytes / (1024 * 1024)} MiB");
            return null;
        }

        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length == 0)
        {
            refusal = Refuse(number, "its data is not base64");
            return null;
        }

        var content = bytes.AsMemory(0, length);
        if (ExtensionOf(content.Span) is not { } extension)
        {
            refusal = Refuse(number, $"its data ({mediaType ?? "no media type"}) is not PNG, JPEG, GIF or WebP");
            return null;
        }

        return new Inline(content, extension);
    }

    private static bool TrySplitDataUrl(string url, out string mediaType, out string data)
    {
        const string Scheme = "data:";
        const string Encoding = ";base64,";
        var comma = url.IndexOf(Encoding, StringComparison.OrdinalIgnoreCase);
        var isData = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && comma >= 0;
        mediaType = isData ? url[Scheme.Length..comma] : "";
        data = isData ? url[(comma + Encoding.Length)..] : "";
        return isData;
    }
}
