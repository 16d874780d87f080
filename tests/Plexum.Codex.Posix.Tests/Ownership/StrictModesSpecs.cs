using System.Globalization;

namespace Plexum.Codex.Posix.Ownership;

public sealed class StrictModesSpecs : IDisposable
{
    private const uint User = 1000;
    private const uint Other = 1001;
    private const uint PrivateGroup = 1000;
    private const uint SharedGroup = 100;

    private readonly TemporaryDirectory _directory = new();
    private readonly Accounts _accounts;

    public StrictModesSpecs() =>
        _accounts = new Accounts(
            _directory.Write("passwd", "root:x:0:0:::\nalice:x:1000:1000:::\nbob:x:1001:100:::\n"),
            _directory.Write("group", "alice:x:1000:\nusers:x:100:alice\n")
        );

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("755", User, PrivateGroup, Exposure.None)]
    [InlineData("644", 0u, SharedGroup, Exposure.None)]
    [InlineData("600", Other, PrivateGroup, Exposure.Owner)]
    [InlineData("664", User, PrivateGroup, Exposure.PrivateGroup)]
    [InlineData("664", User, SharedGroup, Exposure.Mode)]
    [InlineData("666", User, PrivateGroup, Exposure.Mode)]
    [InlineData("602", User, PrivateGroup, Exposure.Mode)]
    [InlineData("1777", User, PrivateGroup, Exposure.Mode)]
    public void What_is_the_user_s_own_is_written_to_by_nobody_else(string mode, uint owner, uint group, Exposure exposure)
    {
        Assert.Equal(exposure, Judge(FileKind.Regular, mode, owner, group, isOnTheWay: false));
        Assert.Equal(exposure, Judge(FileKind.Directory, mode, owner, group, isOnTheWay: false));
    }

    [Theory]
    [InlineData("1777", 0u, 0u, Exposure.None)]
    [InlineData("1777", User, SharedGroup, Exposure.None)]
    [InlineData("1777", Other, SharedGroup, Exposure.Owner)]
    [InlineData("777", 0u, 0u, Exposure.Mode)]
    [InlineData("775", User, PrivateGroup, Exposure.PrivateGroup)]
    [InlineData("775", 0u, SharedGroup, Exposure.Mode)]
    public void A_directory_on_the_way_may_be_open_to_all_with_the_sticky_bit(string mode, uint owner, uint group, Exposure exposure) =>
        Assert.Equal(exposure, Judge(FileKind.Directory, mode, owner, group, isOnTheWay: true));

    [Fact]
    public void A_file_is_not_protected_by_the_sticky_bit() =>
        Assert.Equal(Exposure.Mode, Judge(FileKind.Regular, "1666", User, PrivateGroup, isOnTheWay: true));

    [Theory]
    [InlineData(User, Exposure.None)]
    [InlineData(0u, Exposure.None)]
    [InlineData(Other, Exposure.Owner)]
    public void The_owner_of_a_link_counts_and_its_mode_does_not(uint owner, Exposure exposure) =>
        Assert.Equal(exposure, Judge(FileKind.Link, "777", owner, SharedGroup, isOnTheWay: true));

    [AccessListFact]
    public void A_group_is_not_private_where_an_access_control_list_may_name_others()
    {
        var path = _directory.Write("file", "");
        AccessListFactAttribute.Set(path);
        var status = FileStatus.OfPath(path)!.Value;
        var accounts = new Accounts(
            _directory.Write("passwd", string.Create(CultureInfo.InvariantCulture, $"me:x:{status.Owner}:{status.Group}:::\n")),
            _directory.File("group")
        );
        var step = new PathStep(path, status with { Permissions = status.Permissions | 0x10 }, IsEnd: true);

        Assert.Equal(Exposure.Mode, StrictModes.Judge(step, status.Owner, isOnTheWay: false, accounts));
        Assert.Equal(
            Exposure.PrivateGroup,
            StrictModes.Judge(step with { Path = _directory.File("without") }, status.Owner, isOnTheWay: false, accounts)
        );
    }

    private Exposure Judge(FileKind kind, string mode, uint owner, uint group, bool isOnTheWay) =>
        StrictModes.Judge(
            new PathStep("/nowhere", new FileStatus(kind, 0, 0, 0, 0, owner, group, Convert.ToUInt32(mode, 8)), !isOnTheWay),
            User,
            isOnTheWay,
            _accounts
        );
}
