using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Event;

/// <summary>Akka.NET 1.5.30 throws where a template cannot be filled, and the line is lost.</summary>
public sealed class TemplateSpecs
{
    [Theory]
    [InlineData("took {0} of {1}", "took 1 of b")]
    [InlineData("took {1:000} {{x}}", "took b {x}")]
    [InlineData("no holes", "no holes")]
    [InlineData("named {Name} and {Other}", "named {Name} and {Other} [1, b]")]
    [InlineData("too many {0} {1} {2}", "too many {0} {1} {2} [1, b]")]
    [InlineData("open {0", "open {0 [1, b]")]
    public void A_line_is_kept_whatever_its_template(string template, string line)
    {
        Assert.Equal(line, DefaultLogMessageFormatter.Instance.Format(template, 1, "b"));
        Assert.Equal(line, DefaultLogMessageFormatter.Instance.Format(template, (IEnumerable<object>)[1, "b"]));
    }
}
