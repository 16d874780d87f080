using System.Collections;

namespace Plexum.Codex.Host.Secrecy;

public sealed class SecretMaskSpecs
{
    [Theory]
    [InlineData("""["-c", "p.x.experimental_bearer_token=\"abc\""]""", "abc")]
    [InlineData("""["-c", "h={\"Authorization\"=\"Bearer abc\", n=1}"]""", "abc")]
    [InlineData("""["--api-key", "abc", "-m"]""", "abc")]
    [InlineData("""["-c", "h={ \\"X-Own\\" = \\"Bearer abc\\" }"]""", "abc")]
    [InlineData("""["-c", "h={ \\"x-api-key\\" = \\"abc\\" }"]""", "abc")]
    [InlineData("https://me:abc@platform.example/x", "abc")]
    public void Secrets_are_hidden(string value, string secret) =>
        Assert.DoesNotContain(secret, SecretMask.Of(value), StringComparison.Ordinal);

    [Theory]
    [InlineData("api-token")]
    [InlineData("""["*_TOKEN", "*SECRET*"]""")]
    [InlineData("10m")]
    public void What_is_no_secret_is_shown(string value) => Assert.Equal(value, SecretMask.Of(value));

    [Fact]
    public void Values_with_secrets_are_compared_by_their_hashes_and_others_have_none()
    {
        var hash = SecretMask.HashOf("x.api_key=abc");

        Assert.Equal(hash, SecretMask.HashOf("x.api_key=abc"));
        Assert.NotEqual(hash, SecretMask.HashOf("x.api_key=abd"));
        Assert.Null(SecretMask.HashOf("10m"));
    }

    [Fact]
    public void Variables_of_codex_are_told_by_name_and_hash_alone()
    {
        var told = CodexVariables.Of(
            new Hashtable
            {
                ["OPENAI_API_KEY"] = "abc",
                ["https_proxy"] = "http://me:abc@proxy.example",
                ["MISTRAL_API_KEY"] = "",
                ["CODEX_HOME"] = "/home/x/.codex",
                ["PATH"] = "/bin",
            }
        );

        Assert.Equal(["OPENAI_API_KEY", "https_proxy"], told.Select(variable => variable.Name));
        Assert.Equal(SecretMask.Hash("abc"), told[0].Sha256);
    }
}
