namespace Plexum.Codex.Host.Access;

public sealed class WatchedContentSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly WatchedContent<string> _content;
    private Exception? _failure;
    private int _told;

    public WatchedContentSpecs()
    {
        var path = _directory.Write("file", "content");
        _content = new WatchedContent<string>(path, () => Read(path), "", _ => _told++, _time);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_read_that_failed_is_tried_again_though_the_file_is_the_same()
    {
        _failure = new IOException("Too many open files");
        Assert.Empty(_content.Current());

        _failure = null;

        Assert.Equal("content", _content.Current());
    }

    [Fact]
    public void Many_reads_that_fail_are_told_once_a_minute()
    {
        _failure = new CodexException("It is damaged.");
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Empty(_content.Current()));
        Assert.Equal(1, _told);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(_content.Current());
        Assert.Equal(2, _told);
    }

    [Fact]
    public void A_file_that_is_removed_is_read_no_more()
    {
        Assert.Equal("content", _content.Current());
        File.Delete(_directory.File("file"));
        _failure = new IOException("It is missing.");

        Assert.Empty(_content.Current());
    }

    private string Read(string path) => _failure is null ? File.ReadAllText(path) : throw _failure;
}
