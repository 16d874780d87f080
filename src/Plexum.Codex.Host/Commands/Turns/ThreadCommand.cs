using System.CommandLine;
using System.Globalization;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>
/// <c>thread</c>: shows an agent's thread and what has become of it, or has the next turn begin a new one. It works on the profile's
/// record of threads under the agent's lock, so it needs no daemon and does not disturb one.
/// </summary>
internal static class ThreadCommand
{
    private static readonly Argument<string> Agent = new("AGENT")
    {
        Description = "The agent's id, the beginning of it, or last for the agent with the newest turn.",
    };

    private static readonly Option<bool> New = new("--new")
    {
        Description = "Have the agent's next turn begin a new thread. The old one stays in codex's sessions.",
    };

    public static Command Create()
    {
        var command = new Command(
            "thread",
            "Show an agent's thread, its rollout and what has become of it, or give it up. Works with a daemon and without one. "
                + "Exit codes: 0 success, 1 a turn of the agent is running, 2 refused."
        )
        {
            Agent,
            New,
            DaemonCommand.Json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        var agent = AgentIds.Find(profile.Root, arguments.GetValue(Agent));
        var directory = new AgentDirectory(profile.Root, agent);
        if (!Directory.Exists(directory.Root))
        {
            throw AgentIds.Unknown(profile.Root, agent);
        }

        var register = new FileThreadRegister(profile.Root);
        if (arguments.GetValue(New))
        {
            var given = await BeginAnewAsync(register, directory, settings.Rollouts.LockLimit, cancellationToken).ConfigureAwait(false);
            if (given == ExitCodes.Done)
            {
                TellOfNew(directory.AgentId, arguments.GetValue(DaemonCommand.Json));
            }

            return given;
        }

        var view = Look(register, directory, settings.Rollouts.CodexHome);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            Console.Out.WriteLine(ThreadListing.ToJson(view));
        }
        else
        {
            ThreadListing.Write(Consoles.Output(), view);
        }

        return ExitCodes.Done;
    }

    private static ThreadView Look(FileThreadRegister register, AgentDirectory directory, string codexHome)
    {
        var session = new SessionFile(new AgentWorkspace(directory).Current, TimeProvider.System);
        if (new AgentThread(register, directory.AgentId, session).Peek(out _) is not { } thread)
        {
            return new ThreadView(directory.AgentId);
        }

        var standing = new ThreadStandingFile(directory.ThreadStandingFile).Load(thread);
        return new ThreadView(directory.AgentId)
        {
            Thread = thread,
            Found = new ThreadLocator(codexHome, TimeProvider.System).Locate(thread, standing?.Seen),
            Writer = LockHolder.Find(ThreadWriterLock.PathOf(codexHome, thread)),
            Problem = standing?.Problem,
        };
    }

    // A turn that runs would put its thread on record again, so it is waited for.
    private static async Task<int> BeginAnewAsync(
        FileThreadRegister register,
        AgentDirectory directory,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(wait);
        LockHolder? holder = null;
        try
        {
            using (
                await FileLock
                    .AcquireAsync(directory.LockFile, TimeProvider.System, found => holder = found, limit.Token)
                    .ConfigureAwait(false)
            )
            {
                register.GiveUp(directory.AgentId);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The agent {directory.AgentId} was still busy after {wait.TotalSeconds:0.#} s: {holder} is running a turn of it. "
                        + $"Cancel the turn or wait for it, then try again; nothing was changed."
                ),
                ExitCodes.Failed,
                "agent_busy"
            );
        }
        catch (IOException e)
        {
            throw new CodexException($"The agent {directory.AgentId} cannot be locked: {e.Message} Nothing was changed.", e);
        }

        return ExitCodes.Done;
    }

    private static void TellOfNew(AgentId agent, bool asJson) =>
        Console.Out.WriteLine(
            asJson ? ThreadListing.ToJson(new ThreadView(agent)) : $"The next turn of the agent {agent} begins a new thread."
        );
}
