using System.Globalization;

namespace FakeMolecule;

/// <summary>What a tool is to do instead of what it should.</summary>
internal sealed record Fault(string Word, string Text)
{
    public static Fault Parse(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? new Fault(line, "") : new Fault(line[..blank], line[(blank + 1)..]);
    }

    public (int Number, string Text) Numbered()
    {
        var inner = Parse(Text);
        return (int.Parse(inner.Word, CultureInfo.InvariantCulture), inner.Text);
    }
}
