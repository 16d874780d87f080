using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Begins threads without making their workspaces trusted. A <c>thread/start</c> with a directory and a sandbox in which commands may write
/// adds the directory, or the root of its Git repository, to the user's <c>config.toml</c> as trusted, and codex then does what the
/// <c>.codex/config.toml</c> there says, such as running MCP servers outside the sandbox. Exec does not do that; nor does the server for a
/// thread that is read-only, nor when the thread gets another sandbox before its first turn, which takes 2 to 7 ms and writes nothing to
/// disk (measured on 0.169.0 and 0.171.0). An entry of <c>untrusted</c> in the thread's configuration would hold as well, but then the
/// model does not get the workspace's <c>AGENTS.md</c> (measured on both), as it does with exec.
/// </summary>
internal sealed class NewThread(ServerLink link)
{
    /// <summary>What the server tells behind its answer to <c>thread/start</c> (measured on 0.169.0 and 0.171.0).</summary>
    public const string Told = "thread/started";

    private readonly HashSet<ThreadId> _inHand = [];
    private int _unanswered;

    /// <summary>Begins a thread.</summary>
    /// <param name="setup">How.</param>
    /// <param name="then">Gets the answer to <c>thread/start</c>, or why there is no thread that may be used.</param>
    public void Begin(ThreadSetup setup, Action<AppServerReport.Done> then) =>
        link.Ask(AppServerMethods.Start, ServerJson.StartOf(setup), begun =>
        {
            if (begun.Fault is not null || ServerJson.LoadedOf(begun.Result) is not { } thread)
            {
                _unanswered += begun.Fault is { Kind: AppServerFaultKind.NoAnswer } ? 1 : 0;
                then(begun);
                return;
            }

            _inHand.Add(thread);
            if (setup.Sandbox == ThreadSandbox.WorkspaceWrite)
            {
                link.Ask(AppServerMethods.ReadConfig, new JsonObject { ["cwd"] = setup.Workspace }, read =>
                    Set(read.Fault is null ? ThreadSandbox.WritableOf(read.Result, setup.Config) : null, read.Fault)
                );
            }
            else
            {
                Set(ThreadSandbox.Of(setup), null);
            }

            void Set(JsonObject? sandbox, AppServerFault? fault)
            {
                if (sandbox is null || fault is not null)
                {
                    Finish(fault);
                    return;
                }

                sandbox["threadId"] = $"{thread}";
                link.Ask(AppServerMethods.UpdateSettings, sandbox, set => Finish(set.Fault));
            }

            void Finish(AppServerFault? fault)
            {
                _inHand.Remove(thread);
                if (fault is not null)
                {
                    // It would run with another sandbox than was asked for.
                    link.Ask(AppServerMethods.Delete, ServerJson.ThreadOnly(thread), _ => { });
                }

                then(begun with { Fault = fault });
            }
        });

    /// <summary>
    /// The server tells that it has begun a thread. If a request was not answered in time and nobody knows the thread, it is that
    /// request's, and would stay loaded with all that was started for it. Of a sub-agent's thread that is not told.
    /// </summary>
    /// <param name="told">What it tells.</param>
    /// <param name="isKnown">Whether a thread is in use.</param>
    public void OnTold(JsonElement told, Predicate<ThreadId> isKnown)
    {
        if (_unanswered > 0 && ServerJson.LoadedOf(told) is { } thread && !_inHand.Contains(thread) && !isKnown(thread))
        {
            _unanswered--;
            link.Ask(AppServerMethods.Delete, ServerJson.ThreadOnly(thread), _ => { });
        }
    }
}
