using System.Collections.Immutable;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Given;

/// <summary>
/// The images of a prompt that a user names as files. Their bytes go into the request, so that they may lie where the user can read them,
/// and a daemon needs not.
/// </summary>
internal static class GivenImages
{
    /// <summary>Reads them.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="option">The option that names them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="CodexException">One cannot be read, or there are too many; the message names it.</exception>
    public static async Task<ImmutableArray<ContentBlock>> ReadAsync(
        IReadOnlyList<string> paths,
        string option,
        CancellationToken cancellationToken
    )
    {
        if (paths.Count > Prompt.MaxImages)
        {
            throw new CodexException(
                FormattableString.Invariant($"{option} is given {paths.Count} times, and a turn has at most {Prompt.MaxImages} images.")
            );
        }

        var images = ImmutableArray.CreateBuilder<ContentBlock>(paths.Count);
        foreach (var path in paths)
        {
            images.Add(
                new ContentBlock.Image(null, Convert.ToBase64String(await ReadAsync(path, option, cancellationToken).ConfigureAwait(false)))
            );
        }

        return images.MoveToImmutable();
    }

    private static async Task<byte[]> ReadAsync(string path, string option, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            throw new CodexException($"{option} is empty; name a file with an image, or leave the option out.");
        }

        try
        {
            await using var file = File.OpenRead(path);
            var bytes = new byte[Math.Min(file.Length, PromptImage.MaxBytes) + 1];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return length > PromptImage.MaxBytes
                    ? throw new CodexException(
                        $"The image {path} of {option} is larger than {PromptImage.MaxBytes >> 20} MiB; give a smaller one."
                    )
                : PromptImage.IsSupported(bytes.AsSpan(0, length)) ? bytes[..length]
                : throw new CodexException($"The file {path} of {option} is no image that codex takes; give a PNG, JPEG, GIF or WebP.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CodexException($"The image {path} of {option} cannot be read: {e.Message}", e);
        }
    }
}
