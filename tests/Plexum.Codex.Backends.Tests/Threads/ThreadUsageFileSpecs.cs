using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class ThreadUsageFileSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");

    private readonly TemporaryDirectory _directory = new();
    private readonly ThreadUsageFile _file;

    public ThreadUsageFileSpecs() => _file = new ThreadUsageFile(_directory.File("thread-usage.json"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_total_of_a_thread_comes_back()
    {
        Assert.Null(_file.Load(Thread));

        _file.Save(Thread, new Usage(1, 2, 3, 4));

        Assert.Equal(new Usage(1, 2, 3, 4), _file.Load(Thread));
    }

    [Fact]
    public void The_total_of_another_thread_is_unknown()
    {
        _file.Save(ThreadId.Parse("01a1fa61-4e20-74d3-b29f-f069d25e80ed"), new Usage(1, 2, 3, 4));

        Assert.Null(_file.Load(Thread));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"thread_id\":7}")]
    [InlineData("{\"thread_id\":\"01a1fa61-01c1-7781-bfa1-609b5404abaf\"}")]
    [InlineData("{\"thread_id\":\"01a1fa61-01c1-7781-bfa1-609b5404abaf\",\"input_tokens\":\"x\"}")]
    public void A_damaged_file_is_an_unknown_total(string content)
    {
        _directory.Write("thread-usage.json", content);

        Assert.Null(_file.Load(Thread));
    }
}
