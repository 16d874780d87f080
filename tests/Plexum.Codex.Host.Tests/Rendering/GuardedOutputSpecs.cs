namespace Plexum.Codex.Host.Rendering;

public sealed class GuardedOutputSpecs
{
    [Fact]
    public void A_broken_output_is_complained_of_once_and_left_alone()
    {
        var tries = 0;
        var complaints = new List<string>();
        var output = new GuardedOutput(
            _ =>
            {
                tries++;
                throw new IOException("No space left on device.");
            },
            complaints.Add
        );

        output.Show(default, "/the/log");
        output.Show(default, "/the/log");

        Assert.True(output.IsBroken);
        Assert.Equal(1, tries);
        Assert.Equal(["The output cannot be written: No space left on device. The turn continues; its events are in /the/log"], complaints);
    }
}
