using System.Text.RegularExpressions;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>Holds docs/runtime-semantics.md and the tests together.</summary>
public partial class RuntimeSemanticsSpecs
{
    private static readonly string[] Sentences = SentenceNumbers().Matches(Document()).Select(m => m.Groups[1].Value).ToArray();

    private static readonly string[] Tests = typeof(RuntimeSemanticsSpecs).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
        .Select(method => TestNumber().Match(method.Name))
        .Where(match => match.Success)
        .Select(match => match.Groups[1].Value)
        .ToArray();

    [Fact]
    public void T10_every_sentence_of_the_document_has_a_test_and_every_numbered_test_a_sentence()
    {
        Assert.NotEmpty(Sentences);
        Assert.Empty(Sentences.Except(Tests));
        Assert.Empty(Tests.Except(Sentences));
    }

    [Fact]
    public void Numbers_of_the_document_are_used_once_and_leave_no_gap()
    {
        Assert.Equal(Sentences.Distinct(), Sentences);

        foreach (var group in Sentences.GroupBy(number => number[0]))
        {
            Assert.Equal(Enumerable.Range(1, group.Count()).Select(n => $"{group.Key}{n}"), group);
        }
    }

    private static string Document()
    {
        const string Name = "docs/runtime-semantics.md";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Name);
            if (File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        throw new FileNotFoundException($"No folder above {AppContext.BaseDirectory} has {Name}.");
    }

    [GeneratedRegex(@"^- \*\*([A-Z]\d+)\*\* ", RegexOptions.Multiline)]
    private static partial Regex SentenceNumbers();

    [GeneratedRegex(@"^([A-Z]\d+)_")]
    private static partial Regex TestNumber();
}
