using Plexum.Codex.Sqlite;

// Some tests need a second process that uses the same code; they start this assembly as a program.
return args is [var what, var path] ? await LedgerChild.RunAsync(what, path) : 2;
