using System.CommandLine;
using Plexum.Codex;
using Plexum.Codex.Host.Commands;

var root = new RootCommand("Runs OpenAI's codex CLI for many agents.")
{
    CommonOptions.Set,
    SayCommand.Create(),
    DemoCommand.Create(),
    DoctorCommand.Create(),
};
try
{
    // The commands deal with Ctrl-C themselves: it has to reach codex in the right way before the program ends.
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    }).ConfigureAwait(false);
}
catch (CodexException e)
{
    await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
    return ExitCodes.Refused;
}
