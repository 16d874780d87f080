namespace Plexum.ActorKernel.Bench.Results;

/// <summary>What all processes of a row measured.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Title">The row's title.</param>
/// <param name="Size">The size that was measured.</param>
/// <param name="Figures">Per figure, one value from each process.</param>
/// <param name="OtherLoad">The largest share of the processors that others used meanwhile; null where unknown.</param>
internal sealed record MeasuredRow(string Name, string Title, int Size, IReadOnlyList<Sample> Figures, double? OtherLoad)
{
    public static MeasuredRow Of(Row row, Options options, IReadOnlyList<RowOutput> processes) => new(
        row.Name,
        row.Title,
        options.Smoke ? row.SmokeSize : row.Size,
        [.. processes.SelectMany(process => process.Figures)
            .GroupBy(figure => (figure.Name, figure.Unit))
            .Select(group => new Sample(group.Key.Name, group.Key.Unit, [.. group.Select(figure => figure.Value)]))],
        processes.Max(process => process.OtherLoad));
}
