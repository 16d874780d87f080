using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Files;

public sealed class ThreadRecordSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_formatted_is_parsed_as_the_same()
    {
        Prop.ForAll<Guid>(guid =>
                !ThreadId.TryParse(guid.ToString(), out var thread)
                || ThreadRecord.Parse(ThreadRecord.Format(thread)) == new RecordedThread.Current(thread)
            )
            .QuickCheckThrowOnFailure();
        Assert.Same(RecordedThread.GivenUp.Instance, ThreadRecord.Parse(ThreadRecord.Format(null)));
    }

    [Fact]
    public void Whatever_else_stands_there_is_no_record()
    {
        Prop.ForAll<byte[]>(bytes => ThreadRecord.Parse(bytes) is null).QuickCheckThrowOnFailure();
        Prop.ForAll<Guid, byte>((guid, wrong) => IsNoRecord($"{guid}{(char)wrong}") && IsNoRecord($"{(char)wrong}{guid}"))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("none of them")]
    [InlineData("019a0000-0000-7000-8000-00000000abcd 019a0000-0000-7000-8000-00000000abce")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void A_damaged_record_is_told_from_one_that_is_not_there(string content)
    {
        Assert.Same(RecordedThread.Unrecorded.Instance, ThreadRecord.Read(_directory.File("thread"), out var problem));
        Assert.Null(problem);

        var path = _directory.Write("thread", content);

        Assert.Null(ThreadRecord.Read(path, out problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void A_record_that_is_a_link_is_not_followed()
    {
        var target = _directory.Write("target", "019a0000-0000-7000-8000-00000000abcd\n");
        File.CreateSymbolicLink(_directory.File("thread"), target);

        Assert.Null(ThreadRecord.Read(_directory.File("thread"), out var problem));
        Assert.Equal("it is a link", problem);
    }

    // White space around the id is what an editor leaves.
    private static bool IsNoRecord(string text) => text.Trim().Length == 36 || ThreadRecord.Parse(Encoding.Latin1.GetBytes(text)) is null;
}
