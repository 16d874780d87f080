using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Hocon;

/// <summary>What a configuration holds, apart from how it is written.</summary>
internal abstract record HoconTree
{
    /// <summary>Any text that a quoted text can hold.</summary>
    public static Gen<string> AnyText { get; } =
        from characters in Gen.Elements("ab1 .,:=#/\"\\{}[]$\n\r\t\0é€".ToCharArray()).ArrayOf()
        let text = new string(characters).Trim()
        select text == "null" ? "" : text;

    private static Gen<string> Key { get; } =
        Gen.Elements(
            "a",
            "b",
            "c",
            "a b",
            "d.e",
            "é",
            "",
            " f ",
            "null",
            "include",
            "\"",
            "\\",
            "/user/*",
            "$x",
            "#",
            "//",
            "g\nh",
            "{",
            "a=b"
        );

    /// <summary>Any object.</summary>
    public static Arbitrary<Keys> Any { get; } = ObjectOf(3).ToArbitrary();

    /// <summary>What was read.</summary>
    public static HoconTree Of(HoconDocument document) => Of(new HoconValue(document.Root));

    /// <summary>One of the many ways to write it; which one is <paramref name="choice"/>'s.</summary>
    public abstract string Write(Random choice);

    private static HoconTree Of(HoconValue value) =>
        value.Object is { } keys ? new Keys([.. keys.Items.Select(item => (item.Key, Of(item.Value)))])
        : value.IsList ? new Items([.. value.Items.Select(Of)])
        : value.Text is { } text ? new Text(text)
        : new Null();

    private static Gen<Keys> ObjectOf(int depth) =>
        from keys in Key.ListOf()
        let distinct = keys.Distinct().ToArray()
        from values in ValueOf(depth).ArrayOf(distinct.Length)
        select new Keys([.. distinct.Zip(values)]);

    private static Gen<HoconTree> ValueOf(int depth)
    {
        var leaf = Gen.Frequency((5, AnyText.Select(HoconTree (value) => new Text(value))), (1, Gen.Constant<HoconTree>(new Null())));
        if (depth == 0)
        {
            return leaf;
        }

        // Of a third of the size: else a tree of four floors has tens of thousands of texts, each as odd as the other.
        static Gen<T> Smaller<T>(Gen<T> gen) => Gen.Sized(size => gen.Resize(size / 3));
        var list =
            from count in Gen.Choose(0, 3)
            from items in Smaller(ValueOf(depth - 1)).ArrayOf(count)
            select (HoconTree)new Items(items);
        var keys = Smaller(ObjectOf(depth - 1)).Select(HoconTree (value) => value);
        return Gen.Frequency((3, leaf), (1, list), (2, keys));
    }

    private static string Blank(Random choice) => Pick(choice, "", " ", "  ", "\t");

    private static string Break(Random choice) => Pick(choice, "\n", "\r\n", "\n\n", " # note\n", " // note\n  ", "\n# a = 1\n");

    private static string Pick(Random choice, params string[] ways) => ways[choice.Next(ways.Length)];

    private static string Quoted(string text) =>
        '"'
        + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
        + '"';

    public sealed record Null : HoconTree
    {
        public override string Write(Random choice) => "null";

        public override string ToString() => "null";
    }

    public sealed record Text(string Value) : HoconTree
    {
        public override string Write(Random choice)
        {
            var plain = Value.Length > 0 && Value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-');
            var raw = !Value.Contains('"', StringComparison.Ordinal);
            return choice.Next(3) switch
            {
                0 when plain => Value,
                1 when raw => $"\"\"\"{Value}\"\"\"",
                _ => Quoted(Value),
            };
        }

        public override string ToString() => Quoted(Value);
    }

    public sealed record Items(IReadOnlyList<HoconTree> Values) : HoconTree
    {
        public bool Equals(Items? other) => other is not null && Values.SequenceEqual(other.Values);

        public override int GetHashCode() => Values.Count;

        public override string Write(Random choice)
        {
            if (Values.Count == 0)
            {
                return Pick(choice, "[]", "[ ]", "[\n]");
            }

            var text = new StringBuilder("[" + Pick(choice, "", " ", "\n  "));
            foreach (var (index, value) in Values.Index())
            {
                text.Append(value.Write(choice)).Append(Blank(choice));
                if (index < Values.Count - 1)
                {
                    text.Append(Pick(choice, ",", ", ", ",\n", "\n", Break(choice)));
                }
            }

            return text.Append(Pick(choice, "", ",", "\n", ",\n")).Append(']').ToString();
        }

        public override string ToString() => $"[{string.Join(", ", Values)}]";
    }

    public sealed record Keys(IReadOnlyList<(string Key, HoconTree Value)> Values) : HoconTree
    {
        public bool Equals(Keys? other) =>
            other is not null
            && Values.Count == other.Values.Count
            && Values.All(pair => other.Find(pair.Key) is { } value && value.Equals(pair.Value));

        public override int GetHashCode() => Values.Count;

        public override string Write(Random choice) => $"{{{Break(choice)}{WriteMembers(choice)}}}";

        /// <summary>The members without the brackets around them.</summary>
        public string WriteMembers(Random choice)
        {
            var text = new StringBuilder();
            foreach (var (key, value) in Values)
            {
                text.Append(Blank(choice)).Append(WriteMember(key, value, choice));
            }

            return text.ToString();
        }

        /// <summary>What merging gives: <paramref name="upper"/> wins, objects are merged.</summary>
        public Keys MergedWith(Keys upper) =>
            new([
                .. Values.Where(pair => upper.Find(pair.Key) is null),
                .. upper.Values.Select(pair =>
                    (pair.Key, pair.Value is Keys above && Find(pair.Key) is Keys below ? below.MergedWith(above) : pair.Value)
                ),
            ]);

        public override string ToString() => $"{{{string.Join(", ", Values.Select(pair => $"{Quoted(pair.Key)}: {pair.Value}"))}}}";

        private static string WriteMember(string key, HoconTree value, Random choice)
        {
            var name =
                !key.All(c => char.IsLetter(c) || c == ' ') || key.Trim() != key || key.Length == 0 || choice.Next(2) == 0
                    ? Quoted(key)
                    : key;
            if (value is Keys { Values: [var (inner, only)] } && choice.Next(2) == 0)
            {
                return $"{name}{Blank(choice)}.{WriteMember(inner, only, choice)}";
            }

            if (value is Keys && choice.Next(2) == 0)
            {
                return $"{name}{Pick(choice, "", " ", "\n")}{value.Write(choice)}{Break(choice)}";
            }

            return name
                + Blank(choice)
                + Pick(choice, "=", ":", "= ", " :", "=\n")
                + value.Write(choice)
                + Blank(choice)
                + Pick(choice, ",", ", ", Break(choice));
        }

        private HoconTree? Find(string key) => Values.FirstOrDefault(pair => pair.Key == key).Value;
    }
}
