using System.Collections.Immutable;

namespace Plexum.Codex.Problems;

/// <summary>Every kind of problem that should page an operator. docs/operations.md has a row for each.</summary>
public static class ProblemKinds
{
    /// <summary>Nothing can be written in the profile: its disk is full, read-only or does not answer.</summary>
    public static ProblemKind ProfileUnwritable { get; } =
        new(
            "profile_unwritable",
            "Free some space on the profile's disk, or make it answer and writable again. Until then turns are refused."
        );

    /// <summary>The profile's disk is nearly full.</summary>
    public static ProblemKind RoomLow { get; } =
        new("room_low", "Free some space on the profile's disk, or lower retention.max-size. Once it is full, turns are refused.");

    /// <summary>The ledger cannot be written.</summary>
    public static ProblemKind LedgerUnwritable { get; } =
        new(
            "ledger_unwritable",
            "Remove the cause that the message names. Until then turns are refused; what running turns did is written afterwards."
        );

    /// <summary>The ledger is damaged.</summary>
    public static ProblemKind LedgerDamaged { get; } =
        new("ledger_damaged", "Restart the daemon soon: it moves the file aside and saves what can be read.");

    /// <summary>A damaged ledger was moved aside, and its rows were copied into a new one.</summary>
    public static ProblemKind LedgerRescued { get; } =
        new(
            "ledger_rescued",
            "Check with \"plexum-codex turns\" that nothing is missing, and check the disk. The next start of the daemon forgets this."
        );

    /// <summary>The account is not logged in, or its key is missing or was rejected.</summary>
    public static ProblemKind LoginRefused { get; } =
        new(
            "login_refused",
            "Do what the message says, or log codex in with \"codex login\", or correct the key. The next turn that succeeds ends this."
        );

    /// <summary>The account's allowance is used up.</summary>
    public static ProblemKind UsageLimitReached { get; } =
        new("usage_limit_reached", "Wait until the limit is lifted, or use another account. The next turn that succeeds ends this.");

    /// <summary>codex cannot be started.</summary>
    public static ProblemKind CodexUnusable { get; } =
        new("codex_unusable", "Run \"plexum-codex doctor\". The next turn that succeeds ends this.");

    /// <summary>Turn after turn fails.</summary>
    public static ProblemKind TurnsFailing { get; } =
        new(
            "turns_failing",
            "Look at \"plexum-codex turns --state ended\" and run \"plexum-codex doctor\". The next turn that succeeds ends this."
        );

    /// <summary>A turn has been waiting for too long.</summary>
    public static ProblemKind TurnWaiting { get; } =
        new(
            "turn_waiting",
            "Look at \"plexum-codex status\" for free slots and at the turns ahead of it; cancel one, or raise turns.max-running."
        );

    /// <summary>The molecule platform refuses the workspace.</summary>
    public static ProblemKind PlatformRefused { get; } =
        new("platform_refused", "Check the workspace and its token, then restart the daemon. Replies are kept.");

    /// <summary>The molecule platform does not answer.</summary>
    public static ProblemKind PlatformDown { get; } =
        new("platform_down", "Check the network and the platform's address. Polling goes on; messages and replies are kept.");

    /// <summary>The daemon may have few files open.</summary>
    public static ProblemKind DescriptorsLow { get; } =
        new("descriptors_low", "Raise the limit (LimitNOFILE= in a systemd unit, ulimit -n in a shell) and restart the daemon.");

    /// <summary>Whether turns are refused while it stands.</summary>
    public static bool RefusesTurns(ProblemKind kind) => kind == ProfileUnwritable || kind == LedgerUnwritable;

    /// <summary>All of them, in the order in which they are listed.</summary>
    public static ImmutableArray<ProblemKind> All { get; } =
    [
        ProfileUnwritable,
        RoomLow,
        LedgerUnwritable,
        LedgerDamaged,
        LedgerRescued,
        LoginRefused,
        UsageLimitReached,
        CodexUnusable,
        TurnsFailing,
        TurnWaiting,
        PlatformRefused,
        PlatformDown,
        DescriptorsLow,
    ];
}
