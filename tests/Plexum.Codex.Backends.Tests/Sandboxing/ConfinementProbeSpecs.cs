namespace Plexum.Codex.Sandboxing;

public sealed class ConfinementProbeSpecs
{
    [Theory]
    [InlineData("", null)]
    [InlineData(
        "WARNING: proceeding\nError: Model provider `x` not found\n\nStack backtrace:\n   0: <unknown>\n",
        "Model provider `x` not found"
    )]
    [InlineData(
        "bwrap: setting up uid map: Permission denied\nnote: run with RUST_BACKTRACE=1\n",
        "bwrap: setting up uid map: Permission denied"
    )]
    [InlineData("WARNING: proceeding\nthread 'main' panicked\nit fell\nnote: run it again\n", "it fell")]
    public void The_line_that_says_why_is_found_among_warnings_notes_and_lists_of_functions(string errors, string? reason) =>
        Assert.Equal(reason, ConfinementProbe.Reason(errors));
}
