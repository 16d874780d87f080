using System.Collections;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>What names the workspace, and what is refused.</summary>
public sealed class MoleculeConnectionSpecs
{
    private readonly Hashtable _variables = new()
    {
        ["WORKSPACE_ID"] = "w-1",
        ["PLATFORM_URL"] = "https://platform.example/base",
        ["MOLECULE_WORKSPACE_TOKEN"] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    };

    [Fact]
    public void The_variables_of_the_original_name_it()
    {
        _variables["MOLECULE_ORG_ID"] = "org";

        var connection = MoleculeConnection.Read(new MoleculeSettings(), _variables);

        Assert.Equal(
            ("w-1", "platform.example", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
            (connection.WorkspaceId, connection.PlatformHost, connection.Token.Read())
        );
        Assert.Equal("org", connection.Variables["MOLECULE_ORG_ID"]);
    }

    [Fact]
    public void Settings_go_before_variables()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "other-token-of-some-length\n");

        var connection = MoleculeConnection.Read(
            new MoleculeSettings
            {
                WorkspaceId = "w-2",
                PlatformUrl = "http://other:8080",
                TokenFile = file,
            },
            _variables
        );

        Assert.Equal(
            ("w-2", "other:8080", "other-token-of-some-length"),
            (connection.WorkspaceId, connection.PlatformHost, connection.Token.Read())
        );
        Assert.Equal(
            (file, null),
            (connection.Variables["MOLECULE_WORKSPACE_TOKEN_FILE"], connection.Variables["MOLECULE_WORKSPACE_TOKEN"])
        );
        File.Delete(file);
    }

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        var problems = Problems(new Hashtable());

        Assert.Equal(3, problems.Length);
        Assert.Contains("WORKSPACE_ID", problems[0], StringComparison.Ordinal);
        Assert.Contains("PLATFORM_URL", problems[1], StringComparison.Ordinal);
        Assert.Contains("MOLECULE_WORKSPACE_TOKEN", problems[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WORKSPACE_ID", "<workspace-id>")]
    [InlineData("WORKSPACE_ID", "../up")]
    [InlineData("PLATFORM_URL", "platform-without-scheme")]
    [InlineData("PLATFORM_URL", "ftp://platform.example")]
    [InlineData("PLATFORM_URL", "https://user:secret@platform.example")]
    [InlineData("MOLECULE_WORKSPACE_TOKEN", "<paste-token>")]
    [InlineData("MOLECULE_WORKSPACE_TOKEN", "PASTE_YOUR_TOKEN_HERE")]
    [InlineData("MOLECULE_WORKSPACE_TOKEN", "your-workspace-token")]
    [InlineData("MOLECULE_WORKSPACE_TOKEN", "$TOKEN")]
    [InlineData("MOLECULE_WORKSPACE_TOKEN", "xxxxxxxx")]
    public void What_cannot_be_right_is_refused_without_repeating_a_secret(string variable, string value)
    {
        _variables[variable] = value;

        var problem = Assert.Single(Problems(_variables));

        Assert.DoesNotContain(variable == "WORKSPACE_ID" ? "\0" : value, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_file_that_cannot_be_read_or_holds_the_placeholder_is_refused()
    {
        _variables.Remove("MOLECULE_WORKSPACE_TOKEN");
        _variables["MOLECULE_WORKSPACE_TOKEN_FILE"] = "/does/not/exist";
        Assert.Contains("/does/not/exist", Assert.Single(Problems(_variables)), StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        _variables["MOLECULE_WORKSPACE_TOKEN_FILE"] = file;
        Assert.Single(Problems(_variables));
        File.WriteAllText(file, "<paste-token>");
        Assert.Contains("placeholder", Assert.Single(Problems(_variables)), StringComparison.Ordinal);
        File.Delete(file);
    }

    private static string[] Problems(IDictionary variables) =>
        [.. Assert.Throws<ConfigurationProblemsException>(() => MoleculeConnection.Read(new MoleculeSettings(), variables)).Problems];
}
