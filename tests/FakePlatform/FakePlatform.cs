using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Plexum.Codex.Molecule;

/// <summary>
/// The molecule platform as far as a workspace sees it, on loopback and as strict as the real one: what a request lacks is answered with
/// the error that is known of it. Everything is kept in memory.
/// </summary>
public sealed class FakePlatform : IAsyncDisposable
{
    private readonly List<RecordedRequest> _requests = [];
    private readonly WebApplication _server;
    private readonly RegistryEndpoints _registry;
    private readonly ActivityEndpoints _activity;
    private readonly PeerEndpoints _peers;

    private FakePlatform(FakePlatformOptions options)
    {
        Options = options;
        State = new PlatformState(this);
        (_registry, _activity, _peers) = (new RegistryEndpoints(this), new ActivityEndpoints(this), new PeerEndpoints(this));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 64 << 20;
        });
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    /// <summary>Its address, as <c>PLATFORM_URL</c> has it.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Which requests go wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>All requests that reached it, in the order in which they were done with.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    internal FakePlatformOptions Options { get; }

    internal TimeProvider Time => Options.Time;

    internal PlatformState State { get; }

    /// <summary>Starts one.</summary>
    public static async Task<FakePlatform> StartAsync(FakePlatformOptions? options = null)
    {
        var platform = new FakePlatform(options ?? new FakePlatformOptions());
        await platform._server.StartAsync();
        platform.Url = platform._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return platform;
    }

    /// <summary>Makes a workspace, with a token.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">The workspace above it; two of the same parent, or of none, may talk to each other.</param>
    public FakeWorkspace AddWorkspace(string name = "workspace", FakeWorkspace? parent = null) =>
        State.Locked(() =>
        {
            var workspace = new FakeWorkspace(this, Guid.NewGuid().ToString(), name, parent);
            State.Workspaces.Add(workspace.Id, workspace);
            return workspace;
        });

    /// <summary>One workspace says something to another, by way of the platform.</summary>
    /// <returns>The id of the row.</returns>
    public string PeerSays(FakeWorkspace from, FakeWorkspace to, string text)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var messageId = Guid.NewGuid().ToString();
        return to.Write(
            new ActivityRow
            {
                WorkspaceId = to.Id,
                SourceId = from.Id,
                TargetId = to.Id,
                Method = "message/send",
                Summary = text,
                RequestBody = A2a.Request(text, messageId),
                MessageId = messageId,
            }
        );
    }

    /// <summary>A delegated task comes to its end.</summary>
    public void CompleteDelegation(string task, string response) =>
        State.Locked(() =>
        {
            var delegation = State.Delegations.Last(known => known.Task == task);
            (delegation.Status, delegation.Response) = ("completed", response);
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = await PlatformRequest.ReadAsync(context);
        var fault = Faults.Take($"{request.Method} {request.Path}");
        if (fault is Fault.Slow slow)
        {
            await slow.Open.WaitAsync(context.RequestAborted);
        }

        var isHandled = fault is not (Fault.Canned or Fault.Cut { IsHandled: false });
        var answer =
            fault is Fault.Canned canned ? new Answer(canned.Code, canned.Body, canned.RetryAfter, canned.Location)
            : isHandled ? State.Locked(() => Handle(request))
            : new Answer(0, null);
        lock (_requests)
        {
            _requests.Add(
                new RecordedRequest(
                    Time.GetUtcNow(),
                    $"{request.Method} {request.Path}",
                    request.Query,
                    request.Headers,
                    Encoding.UTF8.GetString(request.Body),
                    isHandled,
                    answer.Status
                )
            );
        }

        if (fault is Fault.Cut)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, answer, fault is Fault.Half);
    }

    private static async Task WriteAsync(HttpContext context, Answer answer, bool half)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (answer.Location is { } location)
        {
            context.Response.Headers.Location = location.AbsoluteUri;
        }

        var body = answer.Body ?? [];
        context.Response.ContentLength = body.Length;
        if (answer.Body is not null)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
        }

        await context.Response.Body.WriteAsync(half ? body.AsMemory(0, body.Length / 2) : body, context.RequestAborted);
        if (half)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private Answer Handle(PlatformRequest request) =>
        Guards.Stop(this, request)
        ?? (request.Method, request.Segments) switch
        {
            ("GET", ["health"]) => Answer.Of(200, new JsonObject { ["status"] = "ok" }),
            ("POST", ["registry", "register"]) => _registry.Register(request),
            ("POST", ["registry", "heartbeat"]) => _registry.Heartbeat(request),
            ("GET", ["registry", "discover", var id]) => _registry.Discover(request, id),
            ("GET", ["registry", var id, "peers"]) => AsOwner(request, id, workspace => _registry.Peers(request, workspace)),
            ("POST", ["workspaces", var id, "a2a"]) => _peers.Send(request, id),
            ("GET", ["workspaces", var id]) => AsOwner(request, id, workspace =>
                Answer.Of(200, new JsonObject { ["id"] = workspace.Id, ["name"] = workspace.Name })
            ),
            ("GET", ["workspaces", var id, "activity"]) => AsOwner(request, id, workspace => _activity.List(request, workspace)),
            ("POST", ["workspaces", var id, "activity"]) => AsOwner(request, id, workspace => _activity.Report(request, workspace)),
            ("POST", ["workspaces", var id, "activity", "ack"]) => AsOwner(request, id, workspace => _activity.Ack(request, workspace)),
            ("POST", ["workspaces", var id, "notify"]) => AsOwner(request, id, workspace => _activity.Notify(request, workspace)),
            ("POST", ["workspaces", var id, "delegate"]) => AsOwner(request, id, workspace => _peers.Delegate(request, workspace)),
            ("GET", ["workspaces", var id, "delegations"]) => AsOwner(request, id, _peers.Delegations),
            ("POST", ["workspaces", var id, "tokens"]) => AsOwner(request, id, NewToken),
            _ => Answer.Error(404, "404 page not found"),
        };

    private Answer AsOwner(PlatformRequest request, string id, Func<FakeWorkspace, Answer> endpoint)
    {
        if (State.Find(id) is { IsRemoved: true } removed && request.Segments.Length == 2)
        {
            return Answer.Of(
                410,
                new JsonObject
                {
                    ["id"] = removed.Id,
                    ["removed_at"] = Time.GetUtcNow().ToString("O"),
                    ["hint"] = "this workspace was removed",
                }
            );
        }

        return State.Find(id) is { } workspace && Guards.Owns(workspace, request)
            ? endpoint(workspace)
            : Answer.Error(
                401,
                request.Headers.ContainsKey("Authorization") ? "invalid workspace auth token" : "missing workspace auth token"
            );
    }

    private static Answer NewToken(FakeWorkspace workspace) =>
        workspace.Tokens.Count >= 50
            ? Answer.Error(429, "too many live tokens")
            : Answer.Of(
                201,
                new JsonObject
                {
                    ["auth_token"] = workspace.NewToken(),
                    ["workspace_id"] = workspace.Id,
                    ["message"] = "store it; it is shown once",
                }
            );
}
