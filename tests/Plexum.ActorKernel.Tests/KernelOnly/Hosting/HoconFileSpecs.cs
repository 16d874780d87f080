using Akka.Hosting;
using Plexum.ActorKernel.Tests.Hosting;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Hosting;

public sealed class HoconFileSpecs : HostTest
{
    [Fact]
    public async Task A_mistake_in_a_file_is_reported_with_its_name()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "codex { a = 7");
        try
        {
            var e = await Assert.ThrowsAsync<FormatException>(() =>
                Start((builder, _) => builder.AddHoconFile(path, HoconAddMode.Prepend)));

            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
