using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec;

public sealed class TurnDirectorySpecs : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    private readonly TemporaryDirectory _profile = new();
    private readonly AgentDirectory _agent;

    public TurnDirectorySpecs() => _agent = new AgentDirectory(_profile.Root, AgentId.Parse("alice"));

    public void Dispose() => _profile.Dispose();

    [Fact]
    public void A_turn_has_a_directory_that_only_its_owner_may_enter()
    {
        var turn = TurnDirectory.Create(_agent, TurnId.Parse("t1"));

        Assert.Equal(Path.Combine(_profile.Root, "agents", "alice", "turns", "t1"), turn.Root);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(turn.Root));
        Assert.Equal(turn.Root, TurnDirectory.Of(_agent, TurnId.Parse("t1")).Root);
    }

    [Fact]
    public void A_turn_is_not_created_twice()
    {
        TurnDirectory.Create(_agent, TurnId.Parse("t1"));

        Assert.Contains(
            "already exists",
            Assert.Throws<CodexException>(() => TurnDirectory.Create(_agent, TurnId.Parse("t1"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_prompt_and_its_images_are_written_as_they_are()
    {
        var turn = TurnDirectory.Create(_agent, TurnId.Parse("t1"));
        var picture = _profile.File("a picture, with a comma");
        File.WriteAllBytes(picture, Png);

        var images = turn.WritePrompt(
            new Prompt("--help\n\"😀\"", [new PromptImage.Inline(Png, "png"), new PromptImage.File(picture)]),
            ImageSource.Of(_profile.Root)
        );

        Assert.Equal("--help\n\"😀\"", File.ReadAllText(turn.PromptFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(turn.PromptFile));
        Assert.Equal([Path.Combine(turn.ImagesDirectory, "1.png"), Path.Combine(turn.ImagesDirectory, "2.png")], images.AsEnumerable());
        Assert.All(images, image => Assert.Equal(Png, File.ReadAllBytes(image)));
    }

    [Fact]
    public void An_image_that_is_no_readable_picture_gets_the_turn_refused()
    {
        var text = _profile.Write("text", "hello");
        foreach (var path in new[] { text, _profile.File("missing"), _profile.Root, "/dev/zero" })
        {
            var turn = TurnDirectory.Create(_agent, TurnId.New(TimeProvider.System));

            var refusal = Assert
                .Throws<TurnRefusedException>(() =>
                    turn.WritePrompt(new Prompt("x", [new PromptImage.File(path)]), ImageSource.Of(_profile.Root))
                )
                .Refusal;

            Assert.Equal(TurnRefusalReason.BadImage, refusal.Reason);
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_record_of_a_turn_is_read_back()
    {
        var turn = TurnDirectory.Create(_agent, TurnId.Parse("t1"));
        var record = new ExecRecord
        {
            TurnId = "t1",
            AgentId = "alice",
            Workspace = "/w",
            StartedAt = new DateTimeOffset(2026, 11, 20, 19, 0, 0, TimeSpan.Zero),
            Pid = 4711,
            PidStartedAt = 99,
            BootId = "b",
        };
        Assert.Null(ExecRecord.Load(turn));

        record.Save(turn);
        Assert.Equal(record, ExecRecord.Load(turn));
        (record with { Settled = true }).Save(turn);
        Assert.True(ExecRecord.Load(turn)!.Settled);

        File.WriteAllText(turn.RecordFile, "{\"turn_id\":");
        Assert.Null(ExecRecord.Load(turn));
    }

    [Fact]
    public void S15_A_token_in_a_record_of_an_earlier_version_becomes_its_hash()
    {
        var turn = TurnDirectory.Create(_agent, TurnId.Parse("t1"));
        const string Token = "0123456789abcdef";
        File.WriteAllText(
            turn.RecordFile,
            $$"""
            {"turn_id":"t1","agent_id":"alice","workspace":"/w","started_at":"2026-11-20T19:00:00+00:00","tool_token":"{{Token}}"}
            """
        );

        var record = ExecRecord.Load(turn)!;
        record.Save(turn);

        Assert.True(ToolTokenHash.TryParse(record.ToolTokenHash, out var hash) && hash.Is(Token));
        Assert.Equal(record, ExecRecord.Load(turn));
        Assert.DoesNotContain(Token, File.ReadAllText(turn.RecordFile), StringComparison.Ordinal);
    }
}
