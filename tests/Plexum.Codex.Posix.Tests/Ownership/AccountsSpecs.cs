namespace Plexum.Codex.Posix.Ownership;

public sealed class AccountsSpecs : IDisposable
{
    private const uint Alice = 1000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1000, true, "the primary group of alice alone")]
    [InlineData(1001, false, "the primary group of bob")]
    [InlineData(0, true, "the group of root alone")]
    [InlineData(50, true, "alice is its only member")]
    [InlineData(60, false, "alice and bob are its members")]
    [InlineData(70, false, "nobody is in it")]
    [InlineData(80, false, "it has a member that is not listed")]
    [InlineData(90, false, "it is not listed")]
    [InlineData(100, false, "it is bob's primary group, and alice is a member")]
    public void A_group_is_private_if_only_the_user_and_root_are_in_it(int group, bool isPrivate, string why)
    {
        var accounts = Accounts(
            "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n"
                + "carol:x:1002:100::/home/carol:/bin/sh\n",
            "root:x:0:\nalice:x:1000:\nbob:x:1001:\nmine:x:50:alice\nours:x:60:alice,bob\nempty:x:70:\ndirectory:x:80:alice,dave\n"
                + "users:x:100:alice\n"
        );

        Assert.True(accounts.IsPrivate((uint)group, Alice) == isPrivate, why);
    }

    [Fact]
    public void A_user_has_a_name_and_a_number()
    {
        var accounts = Accounts("alice:x:1000:1000::/home/alice:/bin/sh\n", "");

        Assert.Equal(("alice (1000)", "1001"), (accounts.Describe(Alice), accounts.Describe(1001)));
    }

    [Fact]
    public void What_is_no_account_is_passed_and_without_files_no_group_is_private()
    {
        Assert.False(Accounts("# a comment\n+::::::\n\nalice:x:many:1000:::\n", "alice:x\nalice:x:1000:alice\n").IsPrivate(1000, Alice));
        Assert.False(new Accounts(_directory.File("none"), _directory.File("none")).IsPrivate(0, 0));
    }

    private Accounts Accounts(string users, string groups) => new(_directory.Write("passwd", users), _directory.Write("group", groups));
}
