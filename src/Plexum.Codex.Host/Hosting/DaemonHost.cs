using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plexum.Codex.Admission;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Connections;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Daemon.Peers;
using Plexum.Codex.Host.History;
using Plexum.Codex.Ledger;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Problems;
using Plexum.Codex.Retention;
using Plexum.Codex.Sqlite.Approvals;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;
using Serilog;

namespace Plexum.Codex.Host.Hosting;

/// <summary>The daemon of a profile: the actors and their HTTP API on a unix socket and, if requested, on loopback.</summary>
internal sealed class DaemonHost : IAsyncDisposable
{
    // With a full backlog, a connection to a unix socket fails at once, where over TCP it would wait.
    private const int Backlog = 4096;

    // Of how many turns that wait at the start it is known how long they have waited.
    private const int MaxWaiting = 100_000;

    /// <summary>How long running requests get to finish when the daemon stops.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    private readonly DaemonResources _resources;

    private DaemonHost(DaemonResources resources, DaemonContext context) => (_resources, Context) = (resources, context);

    public DaemonContext Context { get; }

    /// <summary>The address on loopback, or null.</summary>
    public string? Address =>
        _resources
            .Application!.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()
            ?.Addresses.FirstOrDefault(address => !address.Contains("unix:", StringComparison.Ordinal));

    /// <summary>The daemon's actor system.</summary>
    public ActorSystem ActorSystem => _resources.Application!.Services.GetRequiredService<ActorSystem>();

    /// <summary>Starts the daemon; once the task completes, it accepts turns.</summary>
    /// <param name="settings">The settings; the profile must be prepared.</param>
    /// <param name="listen">An additional loopback endpoint to listen on, or null.</param>
    /// <param name="molecule">The workspace of the molecule platform to answer, or null.</param>
    /// <exception cref="CodexException">The daemon cannot start; the message says why and what to do.</exception>
    public static async Task<DaemonHost> StartAsync(ProgramSettings settings, IPEndPoint? listen, MoleculeConnection? molecule = null)
    {
        var resources = new DaemonResources(settings, molecule);
        try
        {
            var (ledger, socket, tokens) = await resources.AcquireAsync(listen is not null).ConfigureAwait(false);
            var tcp = listen is null ? null : resources.Bind(listen);
            var context = new DaemonContext(settings, ledger)
            {
                Inbox = resources.Inbox,
                Audit = resources.Audit,
                Problems = resources.Problems,
                Approvals = new SqliteApprovals(ledger.Store),
                TakeOver = () => CommandLedger.TakeOverAsync(ledger),
                WaitingAtStart = await ledger.TurnsAsync(new TurnFilter(State: TurnState.Queued, Limit: MaxWaiting)).ConfigureAwait(false),
            };
            resources.Application = Build(context, socket, tcp, listen, tokens);
            await resources.Application.StartAsync().ConfigureAwait(false);
            context.Audit.WriteOwn("start", "daemon");
            var daemon = new DaemonHost(resources, context);
            _ = resources.Inbox?.BeginAsync(daemon.ActorSystem, context.Actors.Dispatched, platform => InboxOf(context, ledger, platform));
            return daemon;
        }
        catch (Exception e) when (listen is not null && (e is SocketException || e.InnerException is AddressInUseException))
        {
            await resources.DisposeAsync().ConfigureAwait(false);
            throw new CodexException($"The daemon cannot listen on {listen}: {e.Message.TrimEnd('.')}. Use another port for --listen.", e);
        }
        catch
        {
            await resources.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops accepting requests, ends the event streams and stops the actors. Leaves every codex running.</summary>
    public async ValueTask DisposeAsync()
    {
        Context.Stop();
        await (_resources.Inbox?.CloseAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        await Context.Actors.StopAppServerAsync().ConfigureAwait(false);
        try
        {
            await _resources.Application!.StopAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.Warning("Some requests were still running when the daemon stopped; they were aborted.");
        }

        Context.Audit.WriteOwn("stop", "daemon");
        await _resources.DisposeAsync().ConfigureAwait(false);
        Context.Dispose();
    }

    private static InboxServices InboxOf(DaemonContext context, SqliteLedger ledger, IMoleculePlatform platform)
    {
        var workspace = context.Inbox!.Connection.WorkspaceId;
        return new InboxServices(
            workspace,
            platform,
            new SqliteInboxJournal(ledger.Store, workspace),
            context.Gateway,
            context.Profile,
            context.Settings.Inbox,
            context.Time
        )
        {
            Problems = context.Problems,

            // Not on the actor's thread, because the log is a file.
            Submitted = (entry, turn) => FileWork.Run(() => context.Audit.WriteSubmission(entry, turn)),
        };
    }

    private static WebApplication Build(DaemonContext context, Socket socket, Socket? tcp, IPEndPoint? listen, TokenBook? tokens)
    {
        var settings = context.Settings;
        var readers = new TurnReaders();
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions
            {
                ApplicationName = CodexHosting.SystemName,
                ContentRootPath = settings.Profile.Root,
                EnvironmentName = Environments.Production,
            }
        );
        builder.Logging.AddSerilog(Log.Logger);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            options.Backlog = Backlog;
            options.CreateBoundListenSocket = endpoint =>
                endpoint is UnixDomainSocketEndPoint ? socket : tcp ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        });
        builder.Services.AddConnectionCaps(settings.Api.Connections, TurnsAtOnce(settings), context.Time);
        var gate = new PeerGate(new PeerCheck(settings.Api), new RefusalLog(context.Audit, context.Time), context.Time);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Listen(options, settings.Api, gate, listen));
        builder.Services.AddAkka(CodexHosting.SystemName, akka =>
            akka.WithProgramSettings(settings)
                .WithProblems(context)
                .WithToolCalls(settings.Agents.Tools.HandlerWait)
                .WithAdmission(settings.MaxRunning)
                .WithCodexConfig(settings)
                .WithAppServer(settings, looksAtStart: true)
                .WithAgents(started =>
                    CodexHosting.ServicesOf(settings, started) with
                    {
                        Ledger = context.Ledger,
                        Logs = context.Logs,
                        ApprovalBook = context.Approvals,
                        Notifier = context.Notifier,
                        Admission = started.Get<AdmissionActor>(),
                        DefaultToolHandler = started.Get<ToolCallsActor>(),
                        Problems = started.Get<ProblemsActor>(),
                    }
                )
                .WithRecovery(context)
                .WithRetention(context, readers, settings.Retention)
                .AddStartup((system, registry) => context.Begin(new DaemonActors(system, registry, readers)))
        );
        var application = builder.Build();
        application.Use(next => new ApiGuard(next, tokens, context.Audit).InvokeAsync);
        application.UseRouting();
        ApiRoutes.Map(application, context);
        return application;
    }

    private static int TurnsAtOnce(ProgramSettings settings) => settings.MaxRunning > 0 ? settings.MaxRunning : AdmissionLimit.OfMachine();

    private static void Listen(KestrelServerOptions options, ApiSettings settings, PeerGate gate, IPEndPoint? listen)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
        options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        options.ListenUnixSocket(settings.Socket, endpoint => endpoint.Use(gate.Before));
        if (listen is not null)
        {
            options.Listen(listen);
        }
    }
}
