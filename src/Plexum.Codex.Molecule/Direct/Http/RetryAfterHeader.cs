using System.Globalization;
using System.Net.Http.Headers;
using Plexum.Codex.Json;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>
/// How long the platform asks not to be called: <c>Retry-After</c>. RFC 9110 knows whole seconds and one form of a date; servers and
/// proxies also send parts of a second and other forms of a moment. Where it cannot be read, the usual pauses apply.
/// </summary>
internal static class RetryAfterHeader
{
    private const string Name = "Retry-After";

    // More seconds than these are a moment since 1970.
    private const decimal MaxSeconds = 1e9m;

    /// <summary>The time to wait, which may be negative; null if there is none.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.RetryAfter?.Date is { } date)
        {
            return date - now;
        }

        var text = headers.TryGetValues(Name, out var values) ? values.FirstOrDefault() ?? "" : "";
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < MaxSeconds
                ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : Instant.TryParse(text, out var moment) ? moment - now
            : null;
    }
}
