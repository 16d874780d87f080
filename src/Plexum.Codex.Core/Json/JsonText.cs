using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Plexum.Codex.Json;

/// <summary>
/// The raw content of a JSON string. Decoding never throws: invalid UTF-8 and unpaired surrogates become U+FFFD, as in every
/// other reader.
/// </summary>
public readonly ref struct JsonText(ReadOnlySpan<byte> raw, bool escaped)
{
    /// <summary>The bytes between the quotation marks.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether it contains escapes.</summary>
    public bool IsEscaped { get; } = escaped;

    /// <summary>Whether the string is empty.</summary>
    public bool IsEmpty => Raw.IsEmpty;

    /// <summary>The string that a reader over one span is positioned at.</summary>
    public static JsonText Of(scoped ref readonly Utf8JsonReader reader) => new(reader.ValueSpan, reader.ValueIsEscaped);

    /// <summary>Whether the string equals <paramref name="value"/>.</summary>
    public bool Is(ReadOnlySpan<byte> value) => IsEscaped ? Decode() == Encoding.UTF8.GetString(value) : Raw.SequenceEqual(value);

    /// <summary>The decoded string.</summary>
    public string Decode()
    {
        if (!IsEscaped)
        {
            return Encoding.UTF8.GetString(Raw);
        }

        // Unescaping never makes text longer: \u and four digits become at most three bytes, a pair of them four.
        var buffer = ArrayPool<byte>.Shared.Rent(Raw.Length);
        var length = Unescape(Raw, buffer);
        var text = Encoding.UTF8.GetString(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <summary>The beginning of the string, in at most <paramref name="bytes"/> bytes of UTF-8, never cutting a character.</summary>
    /// <param name="bytes">The maximum number of bytes, more than 0.</param>
    /// <param name="isWhole">Whether it is the whole string.</param>
    public string DecodeUpTo(int bytes, out bool isWhole)
    {
        // An escape is at most six times as long as its character; the extra bytes keep a torn escape behind the cut.
        var raw = Raw[..(int)Math.Min(Raw.Length, (6L * bytes) + 12)];
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, raw.Length));
        var length = raw.Length;
        if (IsEscaped)
        {
            length = Unescape(raw, buffer);
        }
        else
        {
            raw.CopyTo(buffer);
        }

        isWhole = raw.Length == Raw.Length && length <= bytes;
        var end = isWhole ? length : Math.Min(length, bytes);
        while (end > 0 && end < length && (buffer[end] & 0xC0) == 0x80)
        {
            end--;
        }

        var text = Encoding.UTF8.GetString(buffer.AsSpan(0, end));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    private static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var length = 0;
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0 || escape + 1 >= raw.Length)
            {
                raw.CopyTo(target[length..]);
                return length + raw.Length;
            }

            raw[..escape].CopyTo(target[length..]);
            length += escape;
            raw = raw[escape..];
            if (raw[1] == (byte)'u')
            {
                length += UnescapeUnicode(ref raw, target[length..]);
                continue;
            }

            target[length++] = raw[1] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                var other => other,
            };
            raw = raw[2..];
        }
    }

    private static int UnescapeUnicode(ref ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var unit = ReadUnit(raw);
        raw = raw[Math.Min(6, raw.Length)..];
        if (char.IsHighSurrogate(unit) && raw is [(byte)'\\', (byte)'u', ..] && ReadUnit(raw) is var low && char.IsLowSurrogate(low))
        {
            raw = raw[6..];
            return new Rune(unit, low).EncodeToUtf8(target);
        }

        return (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(target);
    }

    private static char ReadUnit(ReadOnlySpan<byte> raw) =>
        raw.Length >= 6 && Utf8Parser.TryParse(raw.Slice(2, 4), out ushort unit, out var digits, 'x') && digits == 4
            ? (char)unit
            : '\uFFFD';
}
