using System.Text;
using Akka.Configuration.Hocon;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>What a configuration holds, apart from how it is written.</summary>
public abstract record HoconTree
{
    /// <summary>Any text that a quoted text can hold.</summary>
    public static Gen<string> AnyText { get; } =
        from characters in Gen.Elements("ab1 .,:=#/\"\\{}[]$\n\té€".ToCharArray()).ArrayOf()
        let text = new string(characters).Trim()
        select text == "null" ? "" : text;

    /// <summary>One to three words.</summary>
    public static Gen<string> Words { get; } =
        from words in Gen.Elements("one", "two", "3", "x-y", "10s", "true", "a.b").NonEmptyListOf()
        select string.Join(' ', words.Take(3));

    private static Gen<string> Key { get; } = Gen.Elements("a", "b", "c", "a b", "d.e", "é");

    private static Gen<string> PlainKey { get; } = Gen.Elements("a", "b", "c", "a b", "é");

    /// <summary>Any object.</summary>
    public static Arbitrary<Keys> Any { get; } = ObjectOf(3, Key, AnyText, atLeast: 0).ToArbitrary();

    /// <summary>An object of words, without empty texts, lists and objects.</summary>
    public static Arbitrary<Keys> Plain { get; } = ObjectOf(3, PlainKey, Words, atLeast: 1).ToArbitrary();

    /// <summary>What was read.</summary>
    public static HoconTree From(HoconValue value) =>
        value.GetObject() is { } keys ? new Keys([.. keys.Items.Select(item => (item.Key, From(item.Value)))])
        : value.IsString() ? new Text(value.GetString()!)
        : new Items([.. value.GetArray().Select(From)]);

    /// <summary>One of the many ways to write it; which one is <paramref name="choice"/>'s.</summary>
    public abstract string Write(Random choice);

    private static Gen<Keys> ObjectOf(int depth, Gen<string> key, Gen<string> text, int atLeast) =>
        from keys in key.ListOf()
        let distinct = keys.DefaultIfEmpty("a").Distinct().Take(keys.Count < atLeast ? atLeast : keys.Count).ToArray()
        from values in ValueOf(depth, key, text, atLeast).ArrayOf(distinct.Length)
        select new Keys([.. distinct.Zip(values)]);

    private static Gen<HoconTree> ValueOf(int depth, Gen<string> key, Gen<string> text, int atLeast)
    {
        var leaf = text.Select(HoconTree (value) => new Text(value));
        if (depth == 0)
            return leaf;
        var list = from count in Gen.Choose(atLeast, 3)
                   from items in ValueOf(depth - 1, key, text, atLeast).ArrayOf(count)
                   select (HoconTree)new Items(items);
        var keys = ObjectOf(depth - 1, key, text, atLeast).Select(HoconTree (value) => value);
        return Gen.Frequency((3, leaf), (1, list), (2, keys));
    }

    private static string Blank(Random choice) => Pick(choice, "", " ", "  ", "\t");

    private static string Break(Random choice) => Pick(choice, "\n", "\r\n", "\n\n", " # note\n", " // note\n  ", "\n# a = 1\n");

    private static string Pick(Random choice, params string[] ways) => ways[choice.Next(ways.Length)];

    private static string Quoted(string text) => '"'
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
        + '"';

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
                return "[]";
            var text = new StringBuilder("[" + Pick(choice, "", " ", "\n  "));
            foreach (var (index, value) in Values.Index())
            {
                text.Append(value.Write(choice)).Append(Blank(choice));
                if (index < Values.Count - 1)
                    text.Append(Pick(choice, ",", ", ", ",\n", "\n", Break(choice)));
            }

            return text.Append(Pick(choice, "", ",", "\n", ",\n")).Append(']').ToString();
        }

        public override string ToString() => $"[{string.Join(", ", Values)}]";
    }

    public sealed record Keys(IReadOnlyList<(string Key, HoconTree Value)> Values) : HoconTree
    {
        public bool Equals(Keys? other) => other is not null
            && Values.Count == other.Values.Count
            && Values.All(pair => other.Find(pair.Key) is { } value && value.Equals(pair.Value));

        public override int GetHashCode() => Values.Count;

        public override string Write(Random choice) => $"{{{Break(choice)}{WriteMembers(choice)}}}";

        /// <summary>The members without the brackets around them.</summary>
        public string WriteMembers(Random choice)
        {
            var text = new StringBuilder();
            foreach (var (key, value) in Values)
                text.Append(Blank(choice)).Append(WriteMember(key, value, choice));
            return text.ToString();
        }

        /// <summary>What merging gives: <paramref name="upper"/> wins, objects are merged.</summary>
        public Keys MergedWith(Keys upper) => new(
        [
            .. Values.Where(pair => upper.Find(pair.Key) is null),
            .. upper.Values.Select(pair => (
                pair.Key,
                pair.Value is Keys above && Find(pair.Key) is Keys below ? below.MergedWith(above) : pair.Value)),
        ]);

        public override string ToString() => $"{{{string.Join(", ", Values.Select(pair => $"{Quoted(pair.Key)}: {pair.Value}"))}}}";

        private static string WriteMember(string key, HoconTree value, Random choice)
        {
            var name = key.Contains('.', StringComparison.Ordinal) || choice.Next(2) == 0 ? Quoted(key) : key;
            if (value is Keys { Values: [var (inner, only)] } && choice.Next(2) == 0)
                return $"{name}{Blank(choice)}.{WriteMember(inner, only, choice)}";
            if (value is Keys && choice.Next(2) == 0)
                return $"{name}{Pick(choice, "", " ", "\n")}{value.Write(choice)}{Break(choice)}";
            return name + Blank(choice) + Pick(choice, "=", ":", "= ", " :", "=\n")
                + value.Write(choice) + Blank(choice) + Pick(choice, ",", ", ", Break(choice));
        }

        private HoconTree? Find(string key) => Values.FirstOrDefault(pair => pair.Key == key).Value;
    }
}
