using System.Text.Json.Nodes;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands;

/// <summary>
/// Reports why a command was not carried out: as sentences on standard error, or with <c>--json</c> as one more line on standard output,
/// <c>{"error":{"code","message","exit_code"}}</c>, where a program reads the results too.
/// </summary>
internal sealed class ErrorReport
{
    private const string Option = "--json";

    private readonly bool _asJson;

    /// <param name="arguments">The program's arguments, which may be wrong.</param>
    public ErrorReport(IEnumerable<string> arguments) =>
        _asJson = arguments
            .TakeWhile(argument => argument != "--")
            .Any(argument => argument is Option or $"{Option}=true" or $"{Option}:true");

    /// <summary>Reports an error.</summary>
    /// <returns>The exit code of the program.</returns>
    public int Write(CodexException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return Write(CodeOf(e), ExitCodes.Of(e), e.Message, e is ConfigurationProblemsException { Problems: var problems } ? problems : []);
    }

    /// <summary>Reports an error.</summary>
    /// <param name="code">Its code for programs.</param>
    /// <param name="exitCode">The exit code of the program.</param>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="problems">The same in parts, if there are several.</param>
    /// <returns>The exit code of the program.</returns>
    public int Write(string code, int exitCode, string message, params IReadOnlyCollection<string> problems)
    {
        if (!_asJson || !TryWriteJson(code, exitCode, message, problems))
        {
            StderrMessages.Write(message);
        }

        return exitCode;
    }

    // Where standard output cannot be written, the sentence still goes to standard error.
    private static bool TryWriteJson(string code, int exitCode, string message, IReadOnlyCollection<string> problems)
    {
        var error = new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["exit_code"] = exitCode,
        };
        if (problems.Count > 0)
        {
            error["problems"] = new JsonArray([.. problems.Select(problem => JsonValue.Create(problem))]);
        }

        try
        {
            Console.Out.WriteLine(new JsonObject { ["error"] = error }.ToJsonString());
            return true;
        }
        catch (Exception e) when (StderrMessages.IsOfOutput(e))
        {
            return false;
        }
    }

    private static string CodeOf(CodexException e) =>
        e switch
        {
            CommandException command => command.Code,
            UnknownAgentException => "unknown_agent",
            DaemonRefusedException refused => refused.Code,
            DaemonException { Problem: DaemonProblem.Refused } => "daemon_refused",
            DaemonException => "daemon_failed",
            ConfigurationProblemsException => "bad_configuration",
            CodexUnavailableException => "codex_unavailable",
            TurnRefusedException refused => refused.Refusal.Code,
            LedgerUnavailableException => "ledger_unavailable",
            _ => "refused",
        };
}
