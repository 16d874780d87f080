using System.Text;

namespace Plexum.Codex.Molecule;

/// <summary>Something that goes wrong with one request.</summary>
public abstract record Fault
{
    private Fault() { }

    /// <summary>The connection is cut before the request has any effect.</summary>
    public static Fault CutBefore { get; } = new Cut(IsHandled: false);

    /// <summary>The request has its effect, and the connection is cut instead of an answer.</summary>
    public static Fault CutAfter { get; } = new Cut(IsHandled: true);

    /// <summary>The request has its effect, and the connection is cut in the middle of the answer.</summary>
    public static Fault HalfBody { get; } = new Half();

    /// <summary>The request has no effect and is answered with a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body.</param>
    /// <param name="retryAfter">The header <c>Retry-After</c>, in seconds.</param>
    public static Fault Status(int status, string body = """{"error":"internal error"}""", int? retryAfter = null) =>
        new Canned(status, Encoding.UTF8.GetBytes(body), retryAfter);

    /// <summary>The request has no effect and is answered with where to send it instead.</summary>
    public static Fault Redirect(Uri location) => new Canned(307, [], null, location);

    /// <summary>The request has no effect and is answered with these bytes.</summary>
    public static Fault Bytes(byte[] body) => new Canned(200, body, null);

    /// <summary>The request waits until the task has completed.</summary>
    public static Fault Until(Task open) => new Slow(open);

    internal sealed record Cut(bool IsHandled) : Fault;

    internal sealed record Half : Fault;

    internal sealed record Canned(int Code, byte[] Body, int? RetryAfter, Uri? Location = null) : Fault;

    internal sealed record Slow(Task Open) : Fault;
}
