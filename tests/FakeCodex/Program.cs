// Behaves like codex from outside and does what a script says; README.md describes the scripts.
using FakeCodex;
using FakeCodex.Server;

if (args is ["--fake-child", var sign])
{
    return BackgroundChild.Run(sign);
}

try
{
    var script = FakeScript.Load();
    switch (args)
    {
        case ["--version" or "-V"]:
            Output.Standard.Line($"codex-cli {script.Setting("version") ?? "0.169.0"}");
            return 0;
        case ["login", "status"]:
            Output.Error.Line(script.Setting("login") ?? "Not logged in");
            return script.Setting("login") is null ? 1 : 0;
        case ["sandbox", ..] when script.Setting("sandbox") is { } problem:
            Output.Error.Line(problem);
            return 1;
        case ["sandbox", ..]:
            return 0;
        case ["app-server", .., "--listen", var address]:
            return await ServerForm.RunAsync(script, address);
    }

    var invocation = Invocation.Read(args);
    var number = CallRecord.Append(script, invocation, args);
    return new ScriptPlayer(script, invocation, number).Play();
}
catch (ScriptExit exit)
{
    return exit.Code;
}
catch (IOException)
{
    // codex panics with this code when nobody reads its standard output any more.
    return 101;
}
