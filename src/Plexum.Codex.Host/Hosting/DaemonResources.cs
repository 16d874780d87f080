using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.History;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Problems;
using Plexum.Codex.Processes.Lineage;
using Plexum.Codex.Sqlite.Ledger;
using Serilog;

namespace Plexum.Codex.Host.Hosting;

/// <summary>The resources that a daemon acquires at startup. They are released in reverse order, even after a partial start.</summary>
internal sealed class DaemonResources(ProgramSettings settings, MoleculeConnection? molecule) : IAsyncDisposable
{
    private IDisposable? _lock;
    private OrphanKeeper? _orphans;
    private SqliteLedger? _ledger;
    private Socket? _socket;
    private Socket? _tcp;
    private TokenBook? _tokens;

    /// <summary>Takes reports of what should page an operator.</summary>
    public ProblemReporter Problems { get; } = new();

    /// <summary>The inbox to answer, or null.</summary>
    public MoleculeInbox? Inbox { get; private set; }

    /// <summary>The log of who did what.</summary>
    public AuditLog Audit { get; } = AuditLog.Open(settings.Profile, settings.Log, TimeProvider.System);

    /// <summary>The web application, once it is built.</summary>
    public WebApplication? Application { get; set; }

    /// <summary>Acquires the exclusive resources.</summary>
    /// <param name="needsTokens">Whether the daemon listens on TCP.</param>
    /// <exception cref="CodexException">Another daemon holds one of them, or it cannot be used.</exception>
    public async Task<(SqliteLedger Ledger, Socket Socket, TokenBook? Tokens)> AcquireAsync(bool needsTokens)
    {
        _lock = DaemonLock.Acquire(settings.Profile);
        _orphans = OrphanKeeper.Start(TimeProvider.System);
        Inbox = molecule is null ? null : MoleculeInbox.Open(settings, molecule);
        _tokens = needsTokens ? OpenTokens() : null;
        _socket = PrivateSocket.Bind(settings.Api.Socket);
        _ledger = await SqliteLedger
            .OpenAsync(settings.Profile.LedgerFile, TimeProvider.System, sentence => Log.Warning("{Warning:l}", sentence), Problems)
            .ConfigureAwait(false);
        await CommandLedger.TakeOverAtStartAsync(_ledger).ConfigureAwait(false);

        return (_ledger, _socket, _tokens);
    }

    /// <summary>Takes a port, before the web application is built: its own failure is a page of stack trace in the log.</summary>
    /// <exception cref="CodexException">The port is taken, or may not be used.</exception>
    public Socket Bind(IPEndPoint endpoint)
    {
        try
        {
            return _tcp = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException e)
        {
            var why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another program listens there. \"ss -ltnp\" shows which; stop it, or use another port",
                SocketError.AccessDenied => "this user may not use that port; use one from 1024 on",
                _ => $"{e.Message.TrimEnd('.')}. Use another port",
            };
            throw new CodexException($"The daemon cannot listen on {endpoint}: {why} for --listen.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Application is not null)
        {
            await Application.DisposeAsync().ConfigureAwait(false);
        }

        if (_tokens is not null)
        {
            await _tokens.DisposeAsync().ConfigureAwait(false);
        }

        if (Inbox is not null)
        {
            await Inbox.DisposeAsync().ConfigureAwait(false);
        }

        if (_ledger is not null)
        {
            await _ledger.DisposeAsync().ConfigureAwait(false);
        }

        _tcp?.Dispose();
        if (_socket is not null)
        {
            _socket.Dispose();
            if (File.Exists(settings.Api.Socket))
            {
                File.Delete(settings.Api.Socket);
            }
        }

        _orphans?.Dispose();
        _lock?.Dispose();
        Audit.Dispose();
    }

    private TokenBook OpenTokens()
    {
        var owner = settings.Api.TokenFile.Length > 0 ? new OwnerToken(settings.Api.TokenFile, TimeProvider.System) : null;
        if (owner?.Prepare() == true)
        {
            Audit.WriteOwn("create_token", "daemon", OwnerToken.Name, AccessScopeNames.NamesOf(AccessScopes.Admin));
        }

        return new TokenBook(new TokenFile(settings.Profile.TokensFile), owner, TimeProvider.System);
    }
}
