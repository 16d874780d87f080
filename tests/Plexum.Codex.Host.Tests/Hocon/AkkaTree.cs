namespace Plexum.Codex.Host.Hocon;

/// <summary>What Akka's parser read.</summary>
internal static class AkkaTree
{
    public static HoconTree Of(Akka.Configuration.Config config) => config.IsEmpty ? new HoconTree.Keys([]) : Of(config.Root);

    private static HoconTree Of(Akka.Configuration.Hocon.HoconValue value) =>
        value.GetObject() is { } keys ? new HoconTree.Keys([.. keys.Items.Select(item => (item.Key, Of(item.Value)))])
        : value.Values.Exists(element => element.IsArray()) ? new HoconTree.Items([.. value.GetArray().Select(Of)])
        : value.GetString() is { } text ? new HoconTree.Text(text)
        : new HoconTree.Null();
}
