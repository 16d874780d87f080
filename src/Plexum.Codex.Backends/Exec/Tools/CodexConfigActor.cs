using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;

namespace Plexum.Codex.Exec.Tools;

/// <summary>
/// Makes every edit of codex's configuration, one at a time: codex itself edits it without a lock, and of 24 concurrent edits 5 were
/// lost (measured on 0.169.0). Parent: the user guardian; no children; no phases. When it fails, it is restarted and registers each
/// server once more.
/// </summary>
public sealed class CodexConfigActor : ReceiveActor
{
    private const int MaxAttempts = 3;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CodexMcpCommands _commands;
    private readonly Dictionary<string, ToolServer> _registered = [];
    private ImmutableArray<string> _servers = [];

    /// <summary>Use <see cref="Props"/>.</summary>
    public CodexConfigActor(ExecServices services)
    {
        _commands = new CodexMcpCommands(services);
        ReceiveAsync<CodexConfigProtocol.Register>(OnRegister);
    }

    /// <summary>The props of the one actor that edits the configuration of these services' codex.</summary>
    public static Props Props(ExecServices services) => Akka.Actor.Props.Create(() => new CodexConfigActor(services));

    // ReceiveAsync handles nothing else meanwhile, so edits never overlap.
    private async Task OnRegister(CodexConfigProtocol.Register command)
    {
        var asker = Sender;
        CodexConfigProtocol.IAnswer answer;
        try
        {
            await Ensure(command.Server);
            answer = new CodexConfigProtocol.Registered(command.TurnId, _servers);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            answer = new CodexConfigProtocol.NotRegistered(command.TurnId, e.Message);
        }

        asker.Tell(answer);
    }

    private async Task Ensure(ToolServer server)
    {
        if (_registered.TryGetValue(server.Name, out var known) && known.SameAs(server) && _commands.Mentions(server.Name))
        {
            return;
        }

        _registered[server.Name] = server;
        var missing = new List<ToolServer> { server };
        for (var attempt = 1; missing.Count > 0; attempt++)
        {
            if (attempt > MaxAttempts)
            {
                _registered.Remove(server.Name);
                throw new CodexException(
                    $"codex mcp add: the entry {missing[0].Name} was lost {MaxAttempts} times; "
                        + "another program is editing codex's configuration"
                );
            }

            foreach (var lost in missing)
            {
                await FileWork.Run(() => _commands.PutAsync(lost));
            }

            // Another program may have overwritten the file with an older state, which loses other entries too.
            var there = await FileWork.Run(_commands.ListAsync);
            missing = [.. _registered.Values.Where(entry => !there.Contains(entry.Name))];
            _servers = [.. there.Where(ToolServerName.IsOne)];
        }

        _log.Info("codex: registered MCP server {Server}", server.Name);
    }
}
