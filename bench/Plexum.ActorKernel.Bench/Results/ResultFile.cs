using System.Runtime.InteropServices;
using System.Text.Json;
using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Results;

/// <summary>All figures of one run, and what they were measured on.</summary>
internal sealed record ResultFile(string Runtime, string Machine, bool Smoke, int Processes, IReadOnlyList<MeasuredRow> Rows)
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true };

    public static ResultFile Of(Options options, IReadOnlyList<MeasuredRow> rows)
    {
        var runtime = typeof(ActorSystem).Assembly.GetName();
        var machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}";
        return new ResultFile($"{runtime.Name} {runtime.Version}", machine, options.Smoke, options.Processes, rows);
    }

    public static ResultFile Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ResultFile>(File.ReadAllText(file))
                ?? throw new BenchException($"{file} holds no results; make it with --out.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BenchException($"{file} cannot be read as results: {failure.Message} Make it with --out.");
        }
    }

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_format) + "\n");
}
