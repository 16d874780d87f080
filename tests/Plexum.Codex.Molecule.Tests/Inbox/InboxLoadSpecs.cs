using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Gateway;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;
using Xunit.Abstractions;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>Many threads and messages on a platform that fails at random. The turns are made up: codex is not what is tried here.</summary>
public sealed class InboxLoadSpecs(ITestOutputHelper output) : Akka.TestKit.Xunit2.TestKit(TestSystem.Config), IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public Task Every_message_is_answered_once_and_in_order_though_a_fifth_of_the_calls_fail() => RunAsync(threads: 20, messages: 400);

    void IDisposable.Dispose()
    {
        Shutdown();
        _directory.Dispose();
    }

    private async Task RunAsync(int threads, int messages)
    {
        var platform = new PlatformStandIn();
        var random = new Random(7);
        platform.FailReply = _ => Fails(random) ? new PlatformUnavailableException("503") : null;
        platform.FailPop = _ => Fails(random) ? new PlatformException("500") : null;
        platform.FailWait = () => Fails(random) ? new PlatformUnavailableException("502") : null;
        await using var ledger = await SqliteLedger.OpenAsync(_directory.File("ledger.db"), TimeProvider.System, _ => { });
        var registry = Sys.ActorOf(Props.Create(() => new EchoAgents(_directory.Root, ledger)));
        var settings = new InboxSettings
        {
            FirstBackOff = TimeSpan.FromMilliseconds(5),
            MaxBackOff = TimeSpan.FromMilliseconds(100),
            PeerReplies = 100_000,
            PeerExchanges = 100_000,
            ReplyAttempts = 1000,
        };
        var logs = new FileTurnLogStore(_directory.Root, TimeProvider.System);
        var gateway = new TurnGateway(
            new GatewayServices(registry, _directory.Root, ledger, logs, new InMemoryTurnNotifier(), TimeProvider.System)
            {
                Workspaces = new WorkspaceRules(_directory.Root, _directory.File("codex-home"), new WorkspaceSettings()),
            }
        );
        var environment = new InboxServices(
            "w",
            platform.Connect(),
            new SqliteInboxJournal(ledger.Store, "w"),
            gateway,
            _directory.Root,
            settings,
            TimeProvider.System
        );
        platform.Post([
            .. Enumerable
                .Range(0, messages)
                .Select(i => new InboundMessage(
                    string.Create(CultureInfo.InvariantCulture, $"a{i}"),
                    InboundKinds.PeerAgent,
                    string.Create(CultureInfo.InvariantCulture, $"p{i % threads}"),
                    i.ToString(CultureInfo.InvariantCulture)
                )),
        ]);
        var started = Stopwatch.GetTimestamp();

        var inbox = Sys.ActorOf(InboxActor.Props(environment));
        await Limits.UntilAsync(() => platform.Rows.Length == 0);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{messages} messages, {threads} threads: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, "
                    + $"{platform.Attempts.Length} replies tried, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"
            )
        );
        Watch(inbox);
        Sys.Stop(inbox);
        ExpectTerminated(inbox);

        Assert.Equal(messages, platform.Replies.Length);
        foreach (var thread in platform.Replies.GroupBy(reply => reply.To))
        {
            var order = thread.Select(reply => int.Parse(reply.Text, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(order.Order(), order);
        }

        Assert.True(platform.Attempts.Length > messages * 1.1);
        Assert.Equal(messages, (await ledger.TurnsAsync(new TurnFilter(Limit: messages * 2))).Length);
    }

    private static bool Fails(Random random)
    {
        lock (random)
        {
            return random.Next(5) == 0;
        }
    }

    /// <summary>Agents whose turns give the prompt back at once, with all that real ones leave behind.</summary>
    private sealed class EchoAgents : ReceiveActor
    {
        public EchoAgents(string profile, ITurnLedger ledger) =>
            Receive<AgentProtocol.SubmitTurn>(command => Task.Run(() => RunAsync(profile, ledger, command)).PipeTo(Sender));

        private static async Task<AgentProtocol.IReply> RunAsync(string profile, ITurnLedger ledger, AgentProtocol.SubmitTurn command)
        {
            var receipt = await ledger.AcceptAsync(command.TurnId, command.Request, command.IdempotencyKey, DateTimeOffset.UnixEpoch);
            if (receipt.IsNew)
            {
                var directory = TurnDirectory.Ensure(new AgentDirectory(profile, command.AgentId), command.TurnId);
                using (var log = TurnLog.Open(directory.EventsFile))
                {
                    log.Append([
                        new CanonicalEvent.TextDelta(((ContentBlock.Text)command.Request.Messages[0].Content[0]).Value),
                        new CanonicalEvent.MessageEnd(StopReason.EndTurn, default, default, null, TimeSpan.Zero),
                    ]);
                }

                ledger.Ended(command.TurnId, new TurnOutcome(DateTimeOffset.UnixEpoch, StopReason.EndTurn));
            }

            // The turn is over already, as an earlier one would be, and the thread finds that in the ledger.
            return new AgentProtocol.TurnAccepted(command.AgentId, receipt.TurnId, 0, IsNew: false);
        }
    }
}
