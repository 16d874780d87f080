using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Turns;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Choice;

public sealed class ChosenBackendSpecs : IDisposable
{
    private static readonly AgentId Agent = AgentId.Parse("alice");
    private static readonly TurnId Turn = TurnId.Parse("t1");

    private readonly TemporaryDirectory _place = new();

    private TurnDirectory Directory => TurnDirectory.Ensure(new AgentDirectory(_place.Root, Agent), Turn);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("0.169.0", BackendKind.AppServer)]
    [InlineData("0.171.0", BackendKind.AppServer)]
    [InlineData("0.170.0", BackendKind.Exec)]
    [InlineData("0.172.0", BackendKind.Exec)]
    public async Task Auto_takes_the_warm_server_only_of_a_version_that_was_tried(string version, BackendKind expected) =>
        Assert.Equal(expected, await KindAsync(BackendKind.Auto, version));

    [Theory]
    [InlineData(BackendKind.Exec)]
    [InlineData(BackendKind.AppServer)]
    public async Task What_a_turn_names_goes_before_the_setting_and_the_version(BackendKind named)
    {
        Assert.Equal(named, await KindAsync(BackendKind.Auto, "0.172.0", Of(named)));
        Assert.Equal(named, await KindAsync(BackendKind.Exec, "0.169.0", Of(named)));
        Assert.Equal(named, await KindAsync(named, "0.172.0"));
    }

    [Theory]
    [InlineData(CodexSandbox.Inherit, BackendKind.Exec)]
    [InlineData(CodexSandbox.ReadOnly, BackendKind.AppServer)]
    [InlineData(CodexSandbox.Confined, BackendKind.AppServer)]
    public async Task Auto_leaves_turns_to_exec_whose_sandbox_a_resumed_thread_would_not_have(CodexSandbox sandbox, BackendKind expected) =>
        Assert.Equal(expected, await KindAsync(BackendKind.Auto, "0.169.0", Of(null) with { Sandbox = sandbox }));

    [Theory]
    [InlineData(BackendKind.Exec, "--ephemeral")]
    [InlineData(BackendKind.Exec, "-c", "no-value")]
    [InlineData(BackendKind.Exec, "-c")]
    [InlineData(BackendKind.AppServer, "-c", "a=1", "--enable", "x", "-m", "gpt-5")]
    public async Task Auto_leaves_turns_to_exec_whose_extra_arguments_a_thread_cannot_have(BackendKind expected, params string[] extra) =>
        Assert.Equal(expected, await KindAsync(BackendKind.Auto, "0.169.0", extraArgs: [.. extra]));

    [Fact]
    public async Task Without_codex_auto_means_exec_whose_turn_says_so()
    {
        var backend = New(BackendKind.Auto, _place.File("gone"), []);

        Assert.Equal(BackendKind.Exec, (await backend.ChooseAsync(Of(null))).Kind);
    }

    [Theory]
    [InlineData(BackendKind.Exec, null, true)]
    [InlineData(BackendKind.AppServer, BackendKind.Exec, true)]
    [InlineData(BackendKind.Exec, BackendKind.Auto, false)]
    [InlineData(BackendKind.Auto, null, false)]
    public void Exec_is_certain_only_where_it_is_named(BackendKind setting, BackendKind? named, bool isCertain) =>
        Assert.Equal(isCertain, New(setting, _place.File("gone"), []).IsToBeExec(Of(named)));

    [Theory]
    [InlineData(BackendKind.Exec)]
    [InlineData(BackendKind.AppServer)]
    public async Task A_turn_is_found_again_by_the_backend_of_its_record_whatever_the_setting_says_now(BackendKind setting)
    {
        var backend = New(setting, _place.File("codex"), []);
        Assert.Null(await backend.FindAsync(Of(null), threadWasLost: false));

        SaveWarm();
        Assert.Null(ExecRecord.Load(Directory));
        Assert.IsType<AppServerRun>((await backend.FindAsync(Of(null), threadWasLost: false))!.Run);

        SaveExec();
        Assert.Null(AppServerRecord.Load(Directory));
        File.WriteAllText(Directory.StdoutFile, "{}\n");
        Assert.IsType<ExecRun>((await backend.FindAsync(Of(null), threadWasLost: false))!.Run);
    }

    private void SaveWarm() =>
        new AppServerRecord
        {
            Backend = AppServerRecord.BackendName,
            TurnId = Turn.Value,
            AgentId = Agent.Value,
            Workspace = "/w",
            Thread = "01a1fa61-01c1-7781-bfa1-609b5404abaf",
            StartedAt = DateTimeOffset.UnixEpoch,
            StopCause = StopCause.Cancelled,
        }.Save(Directory);

    private void SaveExec() =>
        new ExecRecord
        {
            TurnId = Turn.Value,
            AgentId = Agent.Value,
            Workspace = "/w",
            StartedAt = DateTimeOffset.UnixEpoch,
        }.Save(Directory);

    [Theory]
    [InlineData(BackendKind.Auto, "0.169.0", null, "")]
    [InlineData(
        BackendKind.Auto,
        "0.172.0",
        null,
        "The app-server of codex 0.172.0 was not tried with this program; that of 0.169.0 and 0.171.0 was."
    )]
    [InlineData(BackendKind.Auto, "0.172.0", BackendKind.Exec, "")]
    [InlineData(BackendKind.Exec, "0.172.0", null, "")]
    [InlineData(BackendKind.Exec, "0.172.0", BackendKind.Auto, "The app-server of codex 0.172.0 was not tried")]
    public async Task An_open_choice_that_falls_on_exec_says_why(BackendKind setting, string version, BackendKind? named, string why) =>
        AssertWhy(why, await Of(setting, version, []).ChooseAsync(Of(named)));

    [Fact]
    public async Task An_open_choice_says_what_of_the_turn_or_the_settings_the_server_cannot_have()
    {
        var bare = Of(BackendKind.Auto, "0.169.0", []);
        var extra = Of(BackendKind.Auto, "0.169.0", ["--ephemeral"]);
        var none = New(BackendKind.Auto, _place.File("gone"), []);

        AssertWhy("With the sandbox inherit,", await bare.ChooseAsync(Of(null) with { Sandbox = CodexSandbox.Inherit }));
        AssertWhy("A thread of the app-server cannot have \"--ephemeral\"", await extra.ChooseAsync(Of(null)));
        AssertWhy("codex was not found", await none.ChooseAsync(Of(null)));
    }

    [Fact]
    public void A_run_is_that_of_the_backend_that_was_chosen_whatever_the_setting_says()
    {
        var backend = New(BackendKind.Auto, _place.File("gone"), []);

        Assert.IsType<AppServerRun>(backend.NewRun(Of(BackendKind.AppServer)));
        Assert.IsType<ExecRun>(backend.NewRun(Of(BackendKind.Exec)));
        Assert.Throws<InvalidOperationException>(() => backend.NewRun(Of(null)));
    }

    private static void AssertWhy(string begins, BackendChoice choice)
    {
        Assert.Equal(begins.Length == 0, choice.WhyExec is null);
        Assert.StartsWith(begins, choice.WhyExec ?? "", StringComparison.Ordinal);
    }

    private BackendTurn Of(BackendKind? named) => new(Agent, Turn, Directory) { Backend = named };

    private async Task<BackendKind> KindAsync(
        BackendKind setting,
        string version,
        BackendTurn? turn = null,
        ImmutableArray<string>? extraArgs = null
    ) => (await Of(setting, version, extraArgs ?? []).ChooseAsync(turn ?? Of(null))).Kind;

    private ChosenBackend Of(BackendKind setting, string version, ImmutableArray<string> extraArgs)
    {
        var program = _place.Write("codex", $"#!/bin/sh\necho codex-cli {version}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return New(setting, program, extraArgs);
    }

    private ChosenBackend New(BackendKind setting, string program, ImmutableArray<string> extraArgs)
    {
        var binaries = new CodexBinarySource(program, null);
        var services = new AppServerTurnServices(ActorRefs.Nobody, _place.Root, binaries, TimeProvider.System) { ExtraArgs = extraArgs };
        var exec = new ExecServices(new ExecSettings { CodexHome = _place.Root }, binaries, TimeProvider.System);
        return new ChosenBackend(new ExecBackend(exec), new AppServerBackend(services), services, setting);
    }
}
