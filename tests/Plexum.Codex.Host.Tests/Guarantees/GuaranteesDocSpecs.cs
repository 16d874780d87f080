using System.Reflection;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Guarantees;

/// <summary>The numbers of docs/guarantees.md and the specs that carry them.</summary>
public sealed partial class GuaranteesDocSpecs
{
    private static readonly string[] NumbersOnPage =
    [
        .. Numbers()
            .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "guarantees.md")))
            .Select(match => match.Groups[1].Value),
    ];

    [Fact]
    public void Every_number_has_one_spec_and_every_spec_with_a_number_stands_on_the_page()
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var specs = typeof(GuaranteesDocSpecs)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => method.IsDefined(typeof(FactAttribute)))
            .Select(method => NumberOfSpec().Match(method.Name))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value);

        Assert.Equal(NumbersOnPage.Order(StringComparer.Ordinal), specs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_numbers_of_each_group_count_from_1()
    {
        Assert.NotEmpty(NumbersOnPage);
        foreach (var group in NumbersOnPage.GroupBy(number => number[0]))
        {
            Assert.Equal(Enumerable.Range(1, group.Count()).Select(number => $"{group.Key}{number}"), group);
        }
    }

    [GeneratedRegex(@"^\* \*\*([A-Z][0-9]+)\*\* ", RegexOptions.Multiline)]
    private static partial Regex Numbers();

    // The numbers with an S are those of docs/security.md, whose specs are in more than one project; `./build.sh check` compares them.
    [GeneratedRegex("^([A-RT-Z][0-9]+)_")]
    private static partial Regex NumberOfSpec();
}
