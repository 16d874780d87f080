using System.Text;
using System.Text.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Rewriting;

public sealed class RolloutRewriterSpecs : IDisposable
{
    private static readonly string Long = new('x', 100);

    private readonly TemporaryDirectory _directory = new();

    private string Rollout => _directory.File("rollout-1.jsonl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Light_replaces_the_output_and_heavy_the_arguments_too()
    {
        Write(
            RolloutText.Call("call_1", Long),
            RolloutText.Output("call_1", Long),
            RolloutText.Call("call_2", Long),
            RolloutText.Output("call_2", Long)
        );

        var result = Apply(("call_1", CallToConsume.Light), ("call_2", CallToConsume.Heavy));

        Assert.Equal((2, 2), (result.Touched, result.Requested));
        Assert.Empty(result.Warnings);
        var lines = Payloads();
        Assert.Equal(Long, lines[0].GetProperty("arguments").GetString());
        Assert.Equal("...(consumed)", lines[1].GetProperty("output").GetString());
        Assert.Equal("{}", lines[2].GetProperty("arguments").GetString());
        Assert.Equal("...(tool called)", lines[3].GetProperty("output").GetString());
    }

    [Fact]
    public void Every_byte_that_is_not_replaced_stays_at_its_place()
    {
        var call = RolloutText.Call("call_1", Long);
        var output = RolloutText.Output("call_1", Long);
        Write($"\n{RolloutText.Message}\r\n\n{call}\n", RolloutText.ItemCompleted("call_1", Long), output);

        Apply(("call_1", CallToConsume.Heavy));

        var text = File.ReadAllText(Rollout);
        Assert.Equal(
            $"\n{RolloutText.Message}\r\n\n{Padded(call, Long, "{}")}\n\n"
                + $"{RolloutText.ItemCompleted("call_1", Long)}\n{Padded(output, Long, "...(tool called)")}",
            text
        );
    }

    [Theory]
    [InlineData("""[{"type":"input_text","text":"Wall time"},{"type":"input_image","image_url":"data:…"}]""", "function_call_output")]
    [InlineData("\"a long text\\n of \\\"a\\\" tool\"", "custom_tool_call_output")]
    [InlineData("  [ \"white space around it\" ]  ", "function_call_output")]
    public void Every_shape_of_an_output_becomes_the_marker(string output, string type)
    {
        Write(RolloutText.OutputJson("call_1", output, type));

        Assert.Equal(1, Apply(("call_1", CallToConsume.Light)).Touched);

        Assert.Equal("...(consumed)", Payloads()[0].GetProperty("output").GetString());
    }

    [Fact]
    public void The_input_of_a_custom_tool_is_consumed_and_the_action_of_a_local_shell_stays()
    {
        var shell =
            """{"type":"response_item","payload":"""
            + """{"type":"local_shell_call","call_id":"call_2","status":"completed","action":{"type":"exec","command":["ls"]}}}""";
        Write(RolloutText.Call("call_1", Long, "custom_tool_call"), shell, RolloutText.Output("call_2", Long));

        Assert.Equal(2, Apply(("call_1", CallToConsume.Heavy), ("call_2", CallToConsume.Heavy)).Touched);

        Assert.Equal("{}", Payloads()[0].GetProperty("input").GetString());
        Assert.Equal(shell, File.ReadAllLines(Rollout)[1]);
        Assert.Equal("...(tool called)", Payloads()[2].GetProperty("output").GetString());
    }

    [Fact]
    public void A_second_consume_answers_the_same_and_writes_nothing()
    {
        Write(RolloutText.Call("call_1", Long), RolloutText.Output("call_1", Long));
        var first = Apply(("call_1", CallToConsume.Heavy));
        var written = FileStatus.OfPath(Rollout);

        var second = Apply(("call_1", CallToConsume.Heavy));

        Assert.Equal((first.Touched, first.Requested), (second.Touched, second.Requested));
        Assert.Equal(written, FileStatus.OfPath(Rollout));
    }

    [Fact]
    public void A_heavy_consume_finds_room_for_its_longer_marker_where_a_light_one_was()
    {
        Write(RolloutText.Output("call_1", new string('x', 16)));
        Apply(("call_1", CallToConsume.Light));

        Assert.Equal(1, Apply(("call_1", CallToConsume.Heavy)).Touched);

        Assert.Equal("...(tool called)", Payloads()[0].GetProperty("output").GetString());
    }

    [Fact]
    public void A_value_that_is_shorter_than_its_marker_stays_with_a_warning()
    {
        Write(
            RolloutText.Call("call_1", ""),
            RolloutText.Output("call_1", "Plan updated"),
            RolloutText.Call("call_2", Long),
            RolloutText.Output("call_2", "ok")
        );
        var before = File.ReadAllLines(Rollout);

        var result = Apply(("call_1", CallToConsume.Heavy), ("call_2", CallToConsume.Heavy));

        Assert.Equal(1, result.Touched);
        Assert.Contains("call_1, call_2", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal([before[0], before[1], Padded(before[2], Long, "{}"), before[3]], File.ReadAllLines(Rollout));
    }

    [Fact]
    public void What_is_unknown_leaves_the_file_alone_and_unknown_operations_are_reported()
    {
        Write(RolloutText.Message, RolloutText.Call("call_1", Long), RolloutText.Output("call_1", Long));
        var before = FileStatus.OfPath(Rollout);

        var result = Apply(("call_0", CallToConsume.Heavy), ("call_1", "dynamic-trim"), ("call_1", "dynamic-trim"));

        Assert.Equal((0, 2), (result.Touched, result.Requested));
        Assert.Contains("dynamic-trim", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(before, FileStatus.OfPath(Rollout));
    }

    [Fact]
    public void The_heavier_of_several_operations_for_one_call_counts()
    {
        Write(RolloutText.Output("call_1", Long));

        var result = Apply(("call_1", CallToConsume.Heavy), ("call_1", CallToConsume.Light), ("call_1", "other"));

        Assert.Equal((1, 1), (result.Touched, result.Requested));
        Assert.Equal("...(tool called)", Payloads()[0].GetProperty("output").GetString());
    }

    [Fact]
    public void Mode_and_time_are_those_of_the_old_file_and_nothing_is_left_beside_it()
    {
        Write(RolloutText.Output("call_1", Long));
        File.SetUnixFileMode(Rollout, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(Rollout, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.WriteAllText(_directory.File(".rollout-1.jsonl.consume"), "left by a crash");
        var before = FileStatus.OfPath(Rollout)!.Value;

        Apply(("call_1", CallToConsume.Light));

        var after = FileStatus.OfPath(Rollout)!.Value;
        Assert.NotEqual(before.Inode, after.Inode);
        Assert.Equal(
            (before.Kind, before.Length, before.Owner, before.Group, before.Permissions),
            (after.Kind, after.Length, after.Owner, after.Group, after.Permissions)
        );
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(Rollout));
        Assert.Equal([Rollout], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_whole_and_nothing_beside_it()
    {
        Write(RolloutText.Output("call_1", Long));
        var before = File.ReadAllText(Rollout);
        using var file = File.OpenHandle(Rollout);
        using (var replacement = new RewrittenFile(Rollout, file))
        {
            FullDisk.Fill(replacement.TemporaryPath);

            Assert.Throws<IOException>(() => replacement.Commit([]));
        }

        Assert.Equal(before, File.ReadAllText(Rollout));
        Assert.Equal([Rollout], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_file_that_changes_meanwhile_is_not_replaced()
    {
        Write(RolloutText.Output("call_1", Long));
        using var file = File.OpenHandle(Rollout);
        using var replacement = new RewrittenFile(Rollout, file);
        File.AppendAllText(Rollout, "{}\n");

        Assert.Throws<IOException>(() => replacement.Commit([]));
        Assert.EndsWith("{}\n", File.ReadAllText(Rollout), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Write(RolloutText.Output("call_1", Long));
        var link = _directory.File("rollout-2.jsonl");
        File.CreateSymbolicLink(link, Rollout);

        var failure = Assert.Throws<CodexException>(() => RolloutRewriter.Apply(link, Request(("call_1", CallToConsume.Light))));

        Assert.Contains("it is a link", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Long, File.ReadAllText(Rollout), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_nearly_16_MiB_is_rewritten_and_a_longer_one_is_reported()
    {
        var longest = new string('y', RolloutRewrites.MaxLineBytes - 1000);
        Write(RolloutText.Output("call_1", longest), RolloutText.Output("call_2", longest + new string('y', 1000)));
        var length = new FileInfo(Rollout).Length;

        var result = Apply(("call_1", CallToConsume.Light), ("call_2", CallToConsume.Light));

        Assert.Equal((1, 2), (result.Touched, result.Requested));
        Assert.Contains("16 MiB", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(Rollout).Length);
        Assert.Equal(Padded(RolloutText.Output("call_1", longest), longest, "...(consumed)"), File.ReadLines(Rollout).First());
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        var block = Encoding.UTF8.GetBytes(RolloutText.ItemCompleted("call_1", new string('z', 64 * 1024)) + "\n");
        using (var file = File.Create(Rollout))
        {
            for (var written = 0; written < 64 * 1024 * 1024; written += block.Length)
            {
                file.Write(block);
            }

            file.Write(Encoding.UTF8.GetBytes(RolloutText.Output("call_1", Long)));
        }

        Apply(("call_1", CallToConsume.Light));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Apply(("call_1", CallToConsume.Heavy));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4 * 1024 * 1024);
    }

    private static string Padded(string line, string value, string marker) =>
        line.Replace($"\"{value}\"", $"\"{marker}\"".PadRight(value.Length + 2), StringComparison.Ordinal);

    private static RewriteRequest Request(params (string Id, string Op)[] mutations) =>
        new([.. mutations.Select(mutation => new CallToConsume(mutation.Id, mutation.Op))]);

    private void Write(params string[] lines) => File.WriteAllText(Rollout, string.Join('\n', lines));

    private ConsumeResult Apply(params (string Id, string Op)[] mutations) => RolloutRewriter.Apply(Rollout, Request(mutations));

    private List<JsonElement> Payloads() =>
        [.. File.ReadLines(Rollout).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("payload"))];
}
