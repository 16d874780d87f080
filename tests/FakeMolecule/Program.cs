// Behaves like molecule-mcp over stdio and serves the rows of a directory; README.md describes it.
using FakeMolecule;

var folder = new StageFolder(
    Environment.GetEnvironmentVariable("FAKE_MOLECULE_DIR")
        ?? throw new InvalidOperationException("FakeMolecule: FAKE_MOLECULE_DIR names no directory.")
);
var environment = MoleculeEnvironment.Read();
folder.RecordStart(environment);
if (environment.Missing is { } missing)
{
    Console.Error.WriteLine($"molecule-mcp: {missing} is not set");
    return 2;
}

if (folder.TakeFault("start") is { Word: "exit" } fault)
{
    var (code, words) = fault.Numbered();
    Console.Error.WriteLine($"molecule-mcp: {words}");
    return code;
}

var output = new WireOutput(folder);
var inbox = environment.HasInbox ? Inbox.Start(folder, environment, output) : null;
return new Server(output, new Tools(folder, inbox, output)).Run();
