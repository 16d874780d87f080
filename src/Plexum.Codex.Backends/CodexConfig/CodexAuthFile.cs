using System.Text.Json;
using Plexum.Codex.Posix;

namespace Plexum.Codex.CodexConfig;

/// <summary>The file of codex's login, <c>auth.json</c>. It is read only as far as tells whether there is a login in it.</summary>
internal static class CodexAuthFile
{
    private const int MaxBytes = 1024 * 1024;

    private const string Key = "OPENAI_API_KEY";

    // Whatever else is in the file may be a login of a later codex.
    private static readonly string[] Known = [Key, "tokens", "auth_mode", "last_refresh"];

    /// <summary>
    /// Why there is no login in it, as a clause about the file; null if there may be one. Measured on 0.169.0 and 0.171.0: codex cannot
    /// start a turn with what is no JSON object, or has an API key's mode and no key; without a key and tokens it says that it is logged
    /// in, and reconnects until it gives up.
    /// </summary>
    /// <param name="path">The file.</param>
    public static string? WhyNoLogin(string path)
    {
        try
        {
            using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem);
            var length = file is null || problem is not null ? long.MaxValue : RandomAccess.GetLength(file);
            if (length > MaxBytes)
            {
                return null;
            }

            var bytes = new byte[length];
            using var document = JsonDocument.Parse(bytes.AsMemory(0, RandomAccess.Read(file!, bytes, 0)));
            return WhyNoLogin(document.RootElement);
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
        catch (IOException)
        {
            // Codex says what is wrong with it.
            return null;
        }
    }

    private static string? WhyNoLogin(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "has no login in it";
        }

        var filled = root.EnumerateObject()
            .Where(field => field.Value.ValueKind != JsonValueKind.Null)
            .Select(field => field.Name)
            .ToArray();
        return filled.Contains(Key) || filled.Contains("tokens") || filled.Except(Known).Any() ? null : "has no login in it";
    }
}
