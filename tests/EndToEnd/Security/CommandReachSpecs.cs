using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>
/// What a model's command can read, write and reach under each setting, tried with the real codex: one turn for each setting and backend,
/// whose command tries everything. The daemon, codex and the commands run as one user without privileges. The table in docs/security.md is
/// the result; with the variable REWRITE_SECURITY_TABLE=1 this writes it there.
/// </summary>
public sealed class CommandReachSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private static readonly (string Setting, string Sandbox)[] Settings =
    [
        ("`none`", "none"),
        ("`workspace-write`", "workspace-write"),
        ("`read-only`", "read-only"),
        ("`inherit`", "inherit"),
        ("`confined`", "confined"),
    ];

    [OrdinaryUserFact]
    public async Task The_table_says_what_a_command_can_do()
    {
        await using var stage = new ReachStage(model.Server);
        var columns = new List<(string Setting, HashSet<string> Can)>();
        await stage.StartAsync();
        foreach (var (setting, sandbox) in Settings)
        {
            columns.Add((setting, await MeasureAsync(stage, sandbox)));
        }

        await stage.StartAsync("codex.confined.network=on");
        columns.Add(("`confined`, network on", await MeasureAsync(stage, "confined")));

        var table = ReachTable.Of(stage.Rows.Select(row => (row.Name, row.What)), columns);
        if (Environment.GetEnvironmentVariable("REWRITE_SECURITY_TABLE") == "1")
        {
            ReachTable.Write(table);
        }

        Assert.Equal(table, ReachTable.Read());
    }

    // Without a sandbox in codex's configuration, which has none here, a thread of the server cannot inherit one.
    private static async Task<HashSet<string>> MeasureAsync(ReachStage stage, string sandbox)
    {
        var can = await stage.MeasureAsync(sandbox, BackendKind.Exec);
        if (sandbox != "inherit")
        {
            Assert.Equal(can.Order(), (await stage.MeasureAsync(sandbox, BackendKind.AppServer)).Order());
        }

        return can;
    }
}
