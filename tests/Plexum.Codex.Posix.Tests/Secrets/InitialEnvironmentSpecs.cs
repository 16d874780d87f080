using System.Text;

namespace Plexum.Codex.Posix.Secrets;

public sealed class InitialEnvironmentSpecs
{
    // Shells set them, and nothing here reads them: what is cleared stays so for the whole test run.
    private static readonly string[] Unused = ["SHLVL", "OLDPWD", "_", "PWD", "LOGNAME", "MAIL"];

    private static string[] Shown => Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/environ")).Split('\0');

    [Fact]
    public void S5_A_variable_that_was_unset_before_is_cleared_where_the_kernel_shows_it()
    {
        var name = Unused.First(name => Shown.Any(variable => variable.StartsWith(name + "=", StringComparison.Ordinal)));
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        try
        {
            Assert.Null(InitialEnvironment.Clear(name));

            Assert.DoesNotContain(Shown, variable => variable.StartsWith(name + "=", StringComparison.Ordinal) && variable != name + "=");
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
