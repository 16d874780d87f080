using Xunit;

namespace Plexum.Codex;

/// <summary>A clock that can be made to hold up who asks it.</summary>
internal sealed class GatedTime : TimeProvider, IDisposable
{
    private readonly ManualResetEventSlim _gate = new(true);

    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    public override long GetTimestamp()
    {
        Assert.True(_gate.Wait(Limits.Wait), "The test did not open the gate.");
        return base.GetTimestamp();
    }

    public void Dispose() => _gate.Dispose();
}
