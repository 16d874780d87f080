using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Json;

namespace Plexum.Codex.Tools;

/// <summary>The result of a call, as the model gets it.</summary>
/// <param name="Content">The parts in order.</param>
/// <param name="IsError">Whether the call failed.</param>
internal sealed record ToolResult(ImmutableArray<ToolContent> Content, bool IsError)
{
    /// <summary>A failure as a sentence that the model can read.</summary>
    public static ToolResult Failed(string sentence) => new([new ToolContent.Text(sentence)], IsError: true);

    /// <summary>The result truncated to a number of bytes of text and images; a marker says how much is missing.</summary>
    public ToolResult CutTo(int max)
    {
        var whole = Content.Sum(SizeOf);
        if (whole <= max)
        {
            return this;
        }

        var kept = ImmutableArray.CreateBuilder<ToolContent>();
        var left = max;
        foreach (var part in Content)
        {
            if (SizeOf(part) <= left)
            {
                kept.Add(part);
                left -= SizeOf(part);
            }
            else if (part is ToolContent.Text text)
            {
                kept.Add(new ToolContent.Text(Head(text.Value, left)));
                break;
            }
        }

        kept.Add(
            new ToolContent.Text(
                string.Create(CultureInfo.InvariantCulture, $"\n[… cut by plexum-codex: the first {kept.Sum(SizeOf)} bytes of {whole}]")
            )
        );
        return this with { Content = kept.ToImmutable() };
    }

    /// <summary>
    /// The result as an MCP message. It never has <c>structuredContent</c>: codex gives the model that instead of the content, so a text or
    /// an image beside it would be lost (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public CallToolResult ToMcp() => new() { IsError = IsError, Content = [.. Content.Select(ToBlock)] };

    private static ContentBlock ToBlock(ToolContent part) =>
        part switch
        {
            ToolContent.Text text => new TextContentBlock { Text = WholeText.Of(text.Value) },
            ToolContent.Image image => new ImageContentBlock
            {
                MimeType = WholeText.Of(image.MediaType),
                Data = Encoding.UTF8.GetBytes(image.Base64),
            },
            _ => throw new ArgumentException($"{part.GetType().Name} is not a known kind of tool content.", nameof(part)),
        };

    private static int SizeOf(ToolContent part) =>
        part switch
        {
            ToolContent.Text text => Encoding.UTF8.GetByteCount(text.Value),
            ToolContent.Image image => image.Base64.Length,
            _ => 0,
        };

    // Keeps whole characters.
    private static string Head(string text, int max)
    {
        Utf8.FromUtf16(text, new byte[max], out var characters, out _);
        return text[..characters];
    }
}
