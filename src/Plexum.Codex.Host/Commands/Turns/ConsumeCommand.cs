using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>consume</c>: removes the text of old tool calls from an agent's thread, so that it is not sent to the model again.</summary>
internal static class ConsumeCommand
{
    private static readonly Option<string> Agent = new("--agent")
    {
        Description = "The agent's id, the beginning of it, or last for the agent with the newest turn.",
        HelpName = "ID",
        Required = true,
    };

    private static readonly Option<string?> Workspace = new("--workspace")
    {
        Description = "The directory that codex works in; by default that of the agent's last turn, at first its own in the profile.",
        HelpName = "DIR",
    };

    private static readonly Option<string> Op = new("--op")
    {
        Description =
            $"{CallToConsume.Light}: outputs become \"...(consumed)\"; "
            + $"{CallToConsume.Heavy}: outputs become \"...(tool called)\" and arguments become {{}}.",
        HelpName = "OP",
        Required = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the counts and warnings as a JSON object." };

    private static readonly Argument<string[]> Calls = new("CALL_ID")
    {
        Description = "The ids of the calls, as in tool_call events, or the beginnings of them; last is the thread's last call.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create()
    {
        Op.AcceptOnlyFromAmong(CallToConsume.Light, CallToConsume.Heavy);
        var command = new Command(
            "consume",
            "Remove the text of old tool calls from an agent's thread, so that it is not sent to the model again. "
                + "Calls that the thread does not have are ignored. Exit codes: 0 success, 1 failed, 2 refused."
        )
        {
            Agent,
            Workspace,
            Op,
            Json,
            Calls,
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
        var workspace = TurnOptions.WorkspaceOf(arguments.GetValue(Workspace)) ?? new AgentWorkspace(directory).Current;
        if (!Directory.Exists(directory.Root) && !File.Exists(Path.Combine(workspace, SessionFile.Name)))
        {
            throw AgentIds.Unknown(profile.Root, agent);
        }

        var calls = CallIds.Find(arguments.GetValue(Calls)!, CallIds.Of(profile.Root, directory, workspace, settings.Rollouts.CodexHome));
        ImmutableArray<CallToConsume> toConsume = [.. calls.Select(call => new CallToConsume(call, arguments.GetValue(Op)!))];
        using var daemon = await DaemonCommand.FindAsync(settings, cancellationToken).ConfigureAwait(false);
        if (daemon is not null)
        {
            await AskedSettings.CheckAsync(daemon, settings, cancellationToken).ConfigureAwait(false);
            var done = await daemon.ConsumeAsync(agent, workspace, toConsume, cancellationToken).ConfigureAwait(false);
            return Print(new ConsumeResult(done.Touched, done.Requested, done.Warnings), arguments.GetValue(Json));
        }

        profile.Prepare();
        using var logging = ProgramLogging.Start(profile, settings.Log);
        ProgramLogging.Warn(settings.Warnings);
        await using var system = await CodexSystem.StartAsync(settings).ConfigureAwait(false);
        var answer = await system
            .Gateway.ConsumeAsync(agent, workspace, toConsume, Submitter.Owner, cancellationToken)
            .ConfigureAwait(false);
        return answer is ConsumeAnswer.Done consumed
            ? Print(consumed.Result, arguments.GetValue(Json))
            : throw Refusal(((ConsumeAnswer.Failed)answer).Failure);
    }

    private static int Print(ConsumeResult result, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ToJson(result));
            return ExitCodes.Done;
        }

        Console.Out.WriteLine($"{result.Touched} of {result.Requested} tool calls are consumed.");
        foreach (var warning in result.Warnings)
        {
            StderrMessages.Write(warning);
        }

        return ExitCodes.Done;
    }

    private static CommandException Refusal(ConsumeFailure failure)
    {
        var isRefusal =
            failure.Reason
            is ConsumeFailureReason.BadWorkspace
                or ConsumeFailureReason.WorkspaceNotAllowed
                or ConsumeFailureReason.QueueFull;
        return new CommandException(failure.Message, isRefusal ? ExitCodes.Refused : ExitCodes.Failed, failure.Code);
    }

    private static string ToJson(ConsumeResult result)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("touched"u8, result.Touched);
            writer.WriteNumber("requested"u8, result.Requested);
            writer.WriteStartArray("warnings"u8);
            foreach (var warning in result.Warnings)
            {
                writer.WriteStringValue(warning);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
