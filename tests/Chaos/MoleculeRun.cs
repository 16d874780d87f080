using System.Collections;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule;
using Plexum.Codex.Molecule.Direct;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;

namespace Plexum.Codex.Chaos;

/// <summary>
/// Many conversations write to a workspace whose platform lets a share of all requests fail, with and without having done what they asked
/// for. What holds afterwards is what the inbox promises: codex was asked each message once, and each was answered once and in order.
/// </summary>
public sealed class MoleculeRun
{
    private readonly MoleculeOptions _options;
    private readonly FakePlatform _platform;
    private readonly FakeWorkspace _own;
    private readonly List<FakeWorkspace> _peers;
    private readonly EchoCodex _codex;
    private readonly List<string> _faults = [];

    private MoleculeRun(MoleculeOptions options, FakePlatform platform, EchoCodex codex)
    {
        (_options, _platform, _codex, _own) = (options, platform, codex, platform.AddWorkspace("own"));
        _peers = [.. Enumerable.Range(1, options.Conversations - 1).Select(number => platform.AddWorkspace($"peer {number}"))];
    }

    private int OfEach => _options.Messages / _options.Conversations;

    /// <summary>Runs it.</summary>
    /// <param name="options">The size.</param>
    /// <param name="place">An empty directory.</param>
    public static async Task<MoleculeReport> RunAsync(MoleculeOptions options, string place)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var platform = await FakePlatform.StartAsync();
        var run = new MoleculeRun(options, platform, new EchoCodex(place));
        platform.Faults.FailShare(
            options.FailingShare,
            options.Seed,
            Fault.CutBefore,
            Fault.CutAfter,
            Fault.HalfBody,
            Fault.Status(500),
            Fault.Status(503),
            Fault.Status(429)
        );
        await run.AnswerAsync(Directory.CreateDirectory(Path.Combine(place, "profile")).FullName);
        run.Check();
        return new MoleculeReport(run.Replies().Sum(replies => replies.Count), platform.Requests.Count, platform.Faults.Dealt, run._faults);
    }

    private async Task AnswerAsync(string profile)
    {
        string[] assignments = [$"codex.binary={_codex.Binary}", ProgramProcess.NoWaitingNotice, ProgramProcess.WithExec];
        var settings = ProgramSettings.Load(new Profile(profile), assignments, new Hashtable());
        await using var ledger = await SqliteLedger.OpenAsync(Path.Combine(profile, "ledger.db"), TimeProvider.System, _ => { });
        await using var transport = new DirectTransport(
            new DirectOptions
            {
                PlatformUrl = new Uri(_platform.Url),
                WorkspaceId = _own.Id,
                Token = MoleculeToken.OfText(_own.Token),
                StateDirectory = profile,
                PollInterval = _options.Pause * 5,
                FirstPause = _options.Pause,
            }
        );
        var inbox = new InboxSettings
        {
            FirstBackOff = _options.Pause,
            PeerReplies = int.MaxValue,
            PeerExchanges = int.MaxValue,
        };
        var services = CodexHosting.ServicesOf(settings) with { Ledger = ledger };
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka(CodexHosting.SystemName, akka =>
            akka.WithProgramSettings(settings)
                .WithAdmission(settings.MaxRunning)
                .WithAgents(started => services with { Admission = started.Get<AdmissionActor>() })
                .WithActors(
                    (system, registry) =>
                        registry.Register<InboxActor>(
                            system.ActorOf(
                                InboxActor.Props(
                                    new InboxServices(
                                        _own.Id,
                                        transport,
                                        new SqliteInboxJournal(ledger.Store, _own.Id),
                                        GatewayOf(services, registry.Get<AgentRegistryActor>()),
                                        profile,
                                        inbox,
                                        TimeProvider.System
                                    )
                                )
                            )
                        )
                )
        );
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            Write();
            await SettleAsync(host.Services.GetRequiredService<IRequiredActor<InboxActor>>().ActorRef);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static TurnGateway GatewayOf(AgentServices services, IActorRef registry) =>
        new(
            new GatewayServices(registry, services.Profile, services.Ledger, services.Logs, services.Notifier, services.Time)
            {
                Workspaces = services.Workspaces,
            }
        );

    // All conversations write in turn, so that the rows of one lie between those of the others.
    private void Write()
    {
        for (var number = 0; number < OfEach; number++)
        {
            _own.UserSays(TextOf(0, number));
            foreach (var (at, peer) in _peers.Index())
            {
                _platform.PeerSays(peer, _own, TextOf(at + 1, number));
            }
        }
    }

    private async Task SettleAsync(IActorRef inbox)
    {
        using var limit = new CancellationTokenSource(_options.Limit);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await IsSettledAsync(inbox))
            {
                await looks.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _faults.Add($"not everything was answered within {_options.Limit}");
        }
    }

    private async Task<bool> IsSettledAsync(IActorRef inbox)
    {
        if (Replies().Sum(replies => replies.Count) < OfEach * _options.Conversations)
        {
            return false;
        }

        var status = await inbox.Ask<InboxProtocol.IReply>(InboxProtocol.GetStatus.Instance, TimeSpan.FromMinutes(1));
        return status is InboxProtocol.InboxStatus { Counts: var counts } && counts == new InboxCounts(0, 0, 0, 0);
    }

    private IEnumerable<IReadOnlyList<string>> Replies() =>
        [_own.Shown, .. _peers.Select(peer => (IReadOnlyList<string>)[.. peer.Received.Select(message => message.Text)])];

    private void Check()
    {
        foreach (var (conversation, replies) in Replies().Index())
        {
            if (!replies.SequenceEqual(Enumerable.Range(0, OfEach).Select(number => TextOf(conversation, number))))
            {
                _faults.Add($"conversation {conversation} was answered with: {string.Join(", ", replies)}");
            }
        }

        var runs = _codex.Runs();
        _faults.AddRange(runs.Where(run => run.Value != 1).Select(run => $"codex was asked {run.Key} {run.Value} times"));
        if (runs.Count != OfEach * _options.Conversations)
        {
            _faults.Add($"codex was asked {runs.Count} things");
        }
    }

    private static string TextOf(int conversation, int number) => $"c{conversation}-m{number}";
}
