using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Profiles;

/// <summary>
/// The files of one turn: <c>prompt</c> (codex's stdin), <c>answer-schema.json</c>, <c>stdout</c>, <c>stderr</c>, <c>images/</c>,
/// <c>events.jsonl</c> (the canonical events), <c>events.jsonl.pieces</c> (where the pieces of its joined messages were), and
/// <c>turn.json</c> (what a later process needs to recover the turn). A turn of codex's app-server has no <c>stdout</c> and <c>stderr</c>.
/// </summary>
public sealed class TurnDirectory
{
    private const char ByteOrderMark = '\uFEFF';

    private TurnDirectory(string root) => Root = root;

    /// <summary>The directory itself.</summary>
    public string Root { get; }

    /// <summary>The prompt, which codex reads from its stdin.</summary>
    public string PromptFile => Path.Combine(Root, "prompt");

    /// <summary>Codex's events.</summary>
    public string StdoutFile => Path.Combine(Root, "stdout");

    /// <summary>Codex's messages for people.</summary>
    public string StderrFile => Path.Combine(Root, "stderr");

    /// <summary>The canonical events, for <c>TurnLog</c>.</summary>
    public string EventsFile => Path.Combine(Root, "events.jsonl");

    /// <summary>The state of the turn, for <c>ExecRecord</c> or <c>AppServerRecord</c>.</summary>
    public string RecordFile => Path.Combine(Root, "turn.json");

    /// <summary>The JSON schema of the answer, if the request has one.</summary>
    public string SchemaFile => Path.Combine(Root, "answer-schema.json");

    /// <summary>The prompt's images.</summary>
    public string ImagesDirectory => Path.Combine(Root, "images");

    /// <summary>Creates the directory of a new turn.</summary>
    /// <exception cref="CodexException">The turn already exists, or the directory cannot be created.</exception>
    public static TurnDirectory Create(AgentDirectory agent, TurnId turn)
    {
        var directory = Of(agent, turn);
        return FileStatus.OfPath(directory.Root) is null
            ? Ensure(agent, turn)
            : throw new CodexException(
                $"The turn {turn} of agent {agent.AgentId} already exists ({directory.Root}); give the new turn another id."
            );
    }

    /// <summary>Creates the directory of a turn unless it exists: another process may have started the turn.</summary>
    /// <exception cref="CodexException">The directory cannot be created.</exception>
    public static TurnDirectory Ensure(AgentDirectory agent, TurnId turn)
    {
        var directory = Of(agent, turn);
        agent.Create();
        try
        {
            OwnerOnly.CreateDirectory(directory.Root);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The turn's directory {directory.Root} cannot be created: {e.Message} Check the profile's permissions.",
                e
            );
        }
    }

    /// <summary>Computes the paths of a turn's directory; touches no file.</summary>
    public static TurnDirectory Of(AgentDirectory agent, TurnId turn)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new TurnDirectory(Path.Combine(agent.Turns, turn.Value));
    }

    /// <summary>The images that <see cref="WritePrompt"/> wrote, in order.</summary>
    public ImmutableArray<string> FindImages() =>
        Directory.Exists(ImagesDirectory)
            ? [.. Directory.EnumerateFiles(ImagesDirectory).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)]
            : [];

    /// <summary>Writes the prompt's text and images, replacing what an earlier attempt at the same turn wrote.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="sources">The directories that images on the host may lie in.</param>
    /// <returns>The paths of the images, in order.</returns>
    /// <exception cref="CodexException">An image on the host cannot be read, or a file cannot be written.</exception>
    public ImmutableArray<string> WritePrompt(Prompt prompt, params ImmutableArray<ImageSource> sources)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        try
        {
            File.Delete(PromptFile);
            AtomicFile.Create(PromptFile, Encode(prompt.Text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }

        return WriteImages(prompt, sources);
    }

    /// <summary>Writes the prompt's images, replacing what an earlier attempt at the same turn wrote.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="sources">The directories that images on the host may lie in.</param>
    /// <returns>The paths of the images, in order.</returns>
    /// <exception cref="CodexException">An image on the host cannot be read, or a file cannot be written.</exception>
    public ImmutableArray<string> WriteImages(Prompt prompt, params ImmutableArray<ImageSource> sources)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        try
        {
            foreach (var image in FindImages())
            {
                File.Delete(image);
            }

            if (!prompt.Images.IsEmpty)
            {
                OwnerOnly.CreateDirectory(ImagesDirectory);
            }

            return [.. prompt.Images.Select((image, index) => WriteImage(image, index + 1, sources))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Writes the JSON schema of the answer, replacing what an earlier attempt at the same turn wrote.</summary>
    /// <exception cref="CodexException">It cannot be written.</exception>
    public void WriteSchema(string json)
    {
        try
        {
            File.Delete(SchemaFile);
            AtomicFile.Create(SchemaFile, Encoding.UTF8.GetBytes(json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The schema of the answer cannot be written into {Root}: {e.Message} Check the profile's free space and permissions.",
                e
            );
        }
    }

    private CodexException Unwritable(Exception cause) =>
        new($"The prompt cannot be written into {Root}: {cause.Message} Check the profile's free space and permissions.", cause);

    // Codex strips a leading byte order mark (measured on 0.169.0), so a text that starts with one gets a second.
    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text.StartsWith(ByteOrderMark) ? ByteOrderMark + text : text);

    private string WriteImage(PromptImage image, int number, ImmutableArray<ImageSource> sources)
    {
        var (content, extension) = image switch
        {
            PromptImage.Inline inline => (inline.Bytes, inline.Extension),
            PromptImage.File file => ReadImage(file.Path, number, sources),
            _ => throw new ArgumentException($"{image.GetType().Name} is not an image that can be written.", nameof(image)),
        };
        var path = Path.Combine(ImagesDirectory, $"{number.ToString(CultureInfo.InvariantCulture)}.{extension}");
        AtomicFile.Create(path, content.Span);
        return path;
    }

    private static (ReadOnlyMemory<byte> Content, string Extension) ReadImage(string path, int number, ImmutableArray<ImageSource> sources)
    {
        using var file = ImageSource.TryOpen(sources, path, out var problem);
        if (file is null)
        {
            throw Refuse($"{path}: {problem}");
        }

        var length = RandomAccess.GetLength(file);
        if (length > PromptImage.MaxBytes)
        {
            throw Refuse($"{path} is larger than {PromptImage.MaxBytes / (1024 * 1024)} MiB");
        }

        var content = new byte[length];
        var read = RandomAccess.Read(file, content, 0);
        return PromptImage.ExtensionOf(content.AsSpan(0, read)) is { } extension
            ? (content.AsMemory(0, read), extension)
            : throw Refuse($"{path} is not PNG, JPEG, GIF or WebP");

        CodexException Refuse(string why) => new TurnRefusedException(PromptImage.Refuse(number, why));
    }
}
