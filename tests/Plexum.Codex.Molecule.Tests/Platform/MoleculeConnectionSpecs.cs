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

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("https://platform.example", false)]
    public void Molecule_mcp_has_no_proxy_that_would_read_the_token(string url, bool isTakenOut)
    {
        _variables["PLATFORM_URL"] = url;

        var variables = MoleculeConnection.Read(new MoleculeSettings(), _variables).Variables;

        foreach (var name in new[] { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" })
        {
            Assert.Equal(isTakenOut, variables.TryGetValue(name, out var value) && value is null);
        }
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
                PlatformUrl = "https://other:8080",
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

    [Fact]
    public void A_token_file_that_others_can_access_is_refused_with_the_way_out()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("token", "other-token-of-some-length\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var problem = Assert.Single(Problems(_variables, new MoleculeSettings { TokenFile = file }));

        Assert.Contains($"{file}; run chmod 600", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_file_that_is_a_pipe_is_refused_and_not_waited_for()
    {
        using var directory = new TemporaryDirectory();
        var pipe = directory.File("pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", ["-m", "600", pipe]))
        {
            make.WaitForExit();
        }

        Assert.Contains(pipe, Assert.Single(Problems(_variables, new MoleculeSettings { TokenFile = pipe })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_systemd_credential_is_the_token_where_nothing_else_names_one()
    {
        using var directory = new TemporaryDirectory();
        var credential = directory.Write("molecule-token", "token-of-a-credential\n");
        _variables["CREDENTIALS_DIRECTORY"] = directory.Root;
        Assert.Equal(_variables["MOLECULE_WORKSPACE_TOKEN"], MoleculeConnection.Read(new MoleculeSettings(), _variables).Token.Read());
        _variables.Remove("MOLECULE_WORKSPACE_TOKEN");

        // With an ACL, systemd's credential looks as if its group could read it.
        File.SetUnixFileMode(credential, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var connection = MoleculeConnection.Read(new MoleculeSettings(), _variables);

        Assert.Equal((credential, "token-of-a-credential"), (connection.Token.File, connection.Token.Read()));
        Assert.Equal(credential, connection.Variables["MOLECULE_WORKSPACE_TOKEN_FILE"]);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("http://127.8.9.10")]
    [InlineData("http://[::1]:8080")]
    [InlineData("https://platform.example")]
    [InlineData("http://Host.Docker.Internal:8080")]
    public void The_token_goes_unencrypted_to_this_machine_and_a_host_that_a_setting_names(string url)
    {
        _variables["PLATFORM_URL"] = url;

        var connection = MoleculeConnection.Read(new MoleculeSettings { UnencryptedHost = "host.docker.internal" }, _variables);

        Assert.Equal(new Uri(url), connection.PlatformUrl);
    }

    private static string[] Problems(IDictionary variables, MoleculeSettings? settings = null) =>
        [
            .. Assert
                .Throws<ConfigurationProblemsException>(() => MoleculeConnection.Read(settings ?? new MoleculeSettings(), variables))
                .Problems,
        ];
}
