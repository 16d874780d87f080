using System.CommandLine;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Commands.Arguments;

public sealed class ArgumentCheckSpecs
{
    private static readonly RootCommand Root = ProgramCommands.Create();

    [Theory]
    [InlineData("There is no option --jsn; did you mean --json?", "say", "--agent", "alice", "--jsn")]
    [InlineData("There is no option --jsn; did you mean --json?", "say", "--agent", "alice", "--jsn", "hello")]
    [InlineData("There is no option --jsn; did you mean --json?", "say", "--agent", "alice", "hello", "--jsn")]
    [InlineData("There is no option --workspce; did you mean --workspace?", "submit", "--agent", "a", "--workspce=/w", "hello")]
    [InlineData("There is no option --folow; did you mean --follow?", "events", "--folow", "019a")]
    [InlineData("There is no option --stat; did you mean --state?", "turns", "--stat", "ended")]
    [InlineData("There is no option --sett; did you mean --set?", "turns", "--sett", "a=b")]
    [InlineData("There is no option --Json; did you mean --json?", "turns", "--Json")]
    [InlineData("There is no option --colour.", "turns", "--colour", "red")]
    [InlineData("There is no option -j.", "turns", "-j")]
    [InlineData("There is no option -fj", "daemon", "logs", "-fj", "20")]
    [InlineData("There is no option -hn.", "say", "--agent", "alice", "-hn")]
    [InlineData("There is no option --heavy.", "consume", "--agent", "a", "--op", "consume-light", "--heavy", "call_1")]
    [InlineData("Put -- before a TEXT that begins with a dash.", "say", "--agent", "alice", "- one\n- two")]
    [InlineData("Write a value that begins with a dash as --agent=--jsn.", "say", "--agent", "--jsn", "hello")]
    [InlineData("There is no option --jsn; did you mean --json?", "steer", "last", "Leave", "--jsn")]
    [InlineData("There is no command sya; did you mean say?", "sya", "--agent", "alice", "hello")]
    [InlineData("There is no command lst; did you mean list?", "token", "lst")]
    [InlineData("There is no command dead-leters; did you mean dead-letters?", "molecule", "dead-leters")]
    [InlineData("There is no command everything.", "everything")]
    public void What_does_not_exist_is_an_error_with_what_was_meant(string says, params string[] arguments) =>
        Assert.Contains(says, ArgumentCheck.FindMistake(Root, arguments, out _)!, StringComparison.Ordinal);

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("say", "-h")]
    [InlineData("say", "--agent", "alice", "hello")]
    [InlineData("say", "--agent", "alice", "-")]
    [InlineData("say", "--agent", "alice", "--", "--jsn")]
    [InlineData("say", "--agent", "alice", "--json", "--", "- one\n- two")]
    [InlineData("say", "--agent=alice", "--set", "turns.timeout=5m", "submit")]
    [InlineData("--set", "turns.timeout=5m", "say", "--agent:alice", "hello")]
    [InlineData("submit", "--agent", "a", "--key=-x", "hello")]
    [InlineData("events", "019a", "--from", "-1")]
    [InlineData("molecule", "dead-letters", "--requeue", "one", "two")]
    [InlineData("cancel", "--agent", "--all")]
    [InlineData("steer", "last")]
    [InlineData("steer", "last", "-")]
    [InlineData("steer", "last", "Leave", "the", "tests", "out", "--json")]
    [InlineData("steer", "019a", "--", "--no tests")]
    [InlineData("daemon", "logs", "-n5")]
    [InlineData("daemon", "logs", "-n", "5", "-f")]
    [InlineData("daemon", "logs", "-n=5")]
    [InlineData("daemon", "logs", "-fn", "20")]
    [InlineData("daemon", "logs", "-fn20")]
    public void What_exists_is_left_to_the_parser(params string[] arguments) =>
        Assert.Null(ArgumentCheck.FindMistake(Root, arguments, out _));

    [Theory]
    [InlineData("--limit must be a whole number from 1 to 2147483647, not \"abc\".", "turns", "--limit", "abc")]
    [InlineData("not \"99999999999999\".", "turns", "--json", "--limit", "99999999999999")]
    [InlineData("not \"0\".", "turns", "--limit=0")]
    [InlineData("--days must be a whole number from 1 to 3660, not \"3661\".", "usage", "--days", "3661")]
    [InlineData("--from must be a whole number from 1 to", "events", "last", "--from", "-1")]
    [InlineData("--lines must be a whole number from 0 to", "daemon", "logs", "-n", "1.5")]
    [InlineData("--all is a switch: it stands alone, without abc.", "cancel", "--all=abc")]
    public void A_value_that_an_option_cannot_have_is_an_error_with_the_values_that_it_can(string says, params string[] arguments) =>
        Assert.Contains(says, Assert.Single(Mistakes(arguments)), StringComparison.Ordinal);

    [Fact]
    public void No_option_of_any_command_takes_what_it_cannot_read()
    {
        var typed = Options(Root, [])
            .Where(found => found.Option.ValueType is var type && type != typeof(string) && !type.IsArray)
            .ToArray();

        Assert.Contains(typed, found => found.Option.Name == "--limit");
        Assert.All(typed, found =>
        {
            string[] arguments = [.. found.Path, $"{found.Option.Name}=abc"];
            var about = Mistakes(arguments).Where(mistake => mistake.Contains(found.Option.Name, StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(about);
            Assert.DoesNotContain(about, mistake => mistake.Contains("System.", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData(5, false, "-n5")]
    [InlineData(5, true, "-fn", "5")]
    [InlineData(20, true, "-fn20")]
    public void The_parser_reads_a_cluster_of_short_options_so_too(int lines, bool follows, params string[] arguments)
    {
        var parsed = Root.Parse(["daemon", "logs", .. arguments]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(lines, parsed.GetValue<int>("--lines"));
        Assert.Equal(follows, parsed.GetValue<bool>("--follow"));
    }

    [Fact]
    public void A_word_that_begins_with_a_dash_is_never_taken_for_the_text_unless_it_is_behind_two()
    {
        string[] known = ["--set", "--json", "--agent", "--workspace", "--model", "--new-thread", "--help"];
        Prop.ForAll<NonEmptyString>(any =>
            {
                var word = $"-{any.Get}";
                return known.Contains(word)
                    || word == "--"
                    || any.Get.All(letter => letter is 'h' or '?')
                    || word.Contains(':', StringComparison.Ordinal)
                    || word.Contains('=', StringComparison.Ordinal)
                    || (
                        ArgumentCheck.FindMistake(Root, ["say", "--agent", "alice", word], out _) is not null
                        && ArgumentCheck.FindMistake(Root, ["say", "--agent", "alice", "--", word], out _) is null
                    );
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("jsn", "json", 1)]
    [InlineData("josn", "json", 1)]
    [InlineData("json", "jason", 1)]
    [InlineData("follow", "force", 4)]
    [InlineData("abc", "", 3)]
    public void A_distance_counts_what_a_finger_does_wrong(string one, string other, int distance)
    {
        Assert.Equal(distance, Closest.Distance(one, other));
        Assert.Equal(distance, Closest.Distance(other, one));
    }

    private static string[] Mistakes(string[] arguments) =>
        ArgumentCheck.FindMistake(Root, arguments, out _) is { } mistake
            ? [mistake]
            : [.. Root.Parse(arguments).Errors.Select(error => error.Message)];

    private static IEnumerable<(string[] Path, Option Option)> Options(Command command, string[] path) =>
        command.Options.Select(option => (path, option)).Concat(command.Subcommands.SelectMany(sub => Options(sub, [.. path, sub.Name])));
}
