using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Files;

public sealed class FileThreadRegisterSpecs : IDisposable
{
    private static readonly AgentId Mallory = AgentId.Parse("mallory");
    private static readonly AgentId Victor = AgentId.Parse("victor");
    private static readonly ThreadId First = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");
    private static readonly ThreadId Second = ThreadId.Parse("019a0000-0000-7000-8000-000000000002");

    private readonly TemporaryDirectory _profile = new();
    private readonly FileThreadRegister _register;

    public FileThreadRegisterSpecs() => _register = new FileThreadRegister(_profile.Root);

    public void Dispose() => _profile.Dispose();

    [Fact]
    public void An_agent_of_which_nothing_is_recorded_has_no_thread_and_no_thread_an_owner()
    {
        Assert.Same(RecordedThread.Unrecorded.Instance, _register.Find(Victor));
        Assert.Null(_register.OwnerOf(First));
        Assert.Empty(Directory.GetFileSystemEntries(_profile.Root));
    }

    [Fact]
    public void A_claimed_thread_is_the_agent_s_for_every_program_of_the_profile_and_for_its_owner_alone_to_read()
    {
        Assert.Equal(Victor, _register.Claim(Victor, First));

        var other = new FileThreadRegister(_profile.Root);
        Assert.Equal(new RecordedThread.Current(First), other.Find(Victor));
        Assert.Equal(Victor, other.OwnerOf(First));
        Assert.All([OwnerFile(First), RecordOf(Victor)], path =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path))
        );
    }

    [Fact]
    public void A_thread_of_another_agent_cannot_be_claimed_and_nothing_changes()
    {
        _register.Claim(Victor, First);
        _register.Claim(Mallory, Second);

        Assert.Equal(Victor, _register.Claim(Mallory, First));

        Assert.Equal(new RecordedThread.Current(Second), _register.Find(Mallory));
        Assert.Equal(new RecordedThread.Current(First), _register.Find(Victor));
    }

    [Fact]
    public void A_thread_stays_the_agent_s_when_it_has_begun_another_or_given_it_up()
    {
        _register.Claim(Victor, First);
        _register.Claim(Victor, Second);
        Assert.Equal(new RecordedThread.Current(Second), _register.Find(Victor));

        _register.GiveUp(Victor);

        Assert.Same(RecordedThread.GivenUp.Instance, _register.Find(Victor));
        Assert.Equal((Victor, Victor), (_register.Claim(Mallory, First), _register.Claim(Mallory, Second)));
        Assert.Equal(Victor, _register.Claim(Victor, First));
        Assert.Equal(new RecordedThread.Current(First), _register.Find(Victor));
    }

    [Fact]
    public async Task Of_agents_that_claim_a_thread_at_once_one_gets_it_and_all_hear_which()
    {
        for (var round = 0; round < 10; round++)
        {
            var thread = ThreadId.Parse(Guid.CreateVersion7().ToString());

            var owners = await AtOnceAsync(agent => new FileThreadRegister(_profile.Root).Claim(agent, thread));

            var owner = Assert.Single(owners.Distinct());
            Assert.Equal([owner], Agents.Where(agent => _register.Find(agent) == new RecordedThread.Current(thread)));
        }

        AssertNothingLeft();
    }

    [Fact]
    public async Task The_first_claims_of_a_profile_do_not_disturb_each_other()
    {
        var threads = Agents.ToDictionary(agent => agent, _ => ThreadId.Parse(Guid.CreateVersion7().ToString()));

        var owners = await AtOnceAsync(agent => new FileThreadRegister(_profile.Root).Claim(agent, threads[agent]));

        Assert.Equal(Agents, owners);
        Assert.All(threads, pair => Assert.Equal(new RecordedThread.Current(pair.Value), _register.Find(pair.Key)));
        AssertNothingLeft();
    }

    [Fact]
    public void A_crash_between_the_two_files_of_a_claim_is_harmless()
    {
        _register.Claim(Victor, First);
        var before = File.ReadAllBytes(RecordOf(Victor));
        _register.Claim(Victor, Second);
        File.WriteAllBytes(RecordOf(Victor), before);

        Assert.Equal(new RecordedThread.Current(First), _register.Find(Victor));
        Assert.Equal(Victor, _register.Claim(Mallory, Second));

        Assert.Equal(Victor, _register.Claim(Victor, Second));
        Assert.Equal(new RecordedThread.Current(Second), _register.Find(Victor));
    }

    [Fact]
    public void The_threads_of_an_earlier_version_have_owners_before_anybody_claims_one()
    {
        WriteUsage(Victor, First);
        WriteUsage(AgentId.Parse("zoe"), First);
        File.WriteAllText(Directory.CreateDirectory(_profile.File("agents/torn")).FullName + "/thread-usage.json", "{");

        Assert.Equal(Victor, _register.Claim(Mallory, First));

        Assert.Same(RecordedThread.Unrecorded.Instance, _register.Find(Victor));
        Assert.Equal(Victor, _register.Claim(Victor, First));
        AssertNothingLeft();
    }

    [Fact]
    public void A_copy_of_an_agent_s_directory_does_not_take_its_thread_along()
    {
        _register.Claim(Victor, First);
        Directory.CreateDirectory(new AgentDirectory(_profile.Root, Mallory).Root);
        File.Copy(RecordOf(Victor), RecordOf(Mallory));

        Assert.Same(RecordedThread.GivenUp.Instance, _register.Find(Mallory));
        Assert.Equal(new RecordedThread.Current(First), _register.Find(Victor));
    }

    [Fact]
    public void A_damaged_record_of_an_agent_is_named_and_replaced_by_its_next_claim()
    {
        _register.Claim(Victor, First);
        File.WriteAllText(RecordOf(Victor), "x");

        var problem = Assert.Throws<ThreadRecordException>(() => _register.Find(Victor));
        Assert.Contains(RecordOf(Victor), problem.Message, StringComparison.Ordinal);

        _register.Claim(Victor, First);
        Assert.Equal(new RecordedThread.Current(First), _register.Find(Victor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_thread_whose_owner_cannot_be_read_is_nobody_s(string content)
    {
        _register.Claim(Victor, First);
        File.WriteAllText(OwnerFile(First), content);

        Assert.All([Victor, Mallory], agent =>
            Assert.Contains(
                OwnerFile(First),
                Assert.Throws<ThreadRecordException>(() => _register.Claim(agent, First)).Message,
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task A_thread_that_is_just_being_claimed_is_had_by_nobody_else()
    {
        _register.Claim(Victor, First);
        File.WriteAllText(OwnerFile(First), "");

        var owner = Task.Run(() =>
        {
            while (true)
            {
                try
                {
                    return _register.Claim(Mallory, First);
                }
                catch (ThreadRecordException)
                {
                    // Whose it becomes is not known yet.
                }
            }
        });
        File.WriteAllText(OwnerFile(First), $"{Victor}\n");

        Assert.Equal(Victor, await owner.WithinLimit());
    }

    [Fact]
    public void A_claim_that_cannot_be_written_is_told_as_such()
    {
        File.WriteAllText(_profile.File("threads"), "in the way");

        Assert.Throws<ThreadRecordException>(() => _register.Claim(Victor, First));
        Assert.Same(RecordedThread.Unrecorded.Instance, _register.Find(Victor));
    }

    private static IReadOnlyList<AgentId> Agents { get; } =
    [.. Enumerable.Range(1, 8).Select(number => AgentId.Parse(FormattableString.Invariant($"agent-{number}")))];

    private string OwnerFile(ThreadId thread) => _profile.File($"threads/{thread}");

    private string RecordOf(AgentId agent) => new AgentDirectory(_profile.Root, agent).ThreadFile;

    private void WriteUsage(AgentId agent, ThreadId thread)
    {
        var directory = new AgentDirectory(_profile.Root, agent);
        directory.Create();
        File.WriteAllText(directory.ThreadUsageFile, $$"""{"thread_id":"{{thread}}","input_tokens":1}""");
    }

    private void AssertNothingLeft() =>
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_profile.Root, "*", SearchOption.AllDirectories), path =>
            path.EndsWith(".tmp", StringComparison.Ordinal)
        );

    private static async Task<AgentId[]> AtOnceAsync(Func<AgentId, AgentId> work)
    {
        using var start = new Barrier(Agents.Count);
        return await Task.WhenAll(
                Agents.Select(agent =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            start.SignalAndWait();
                            return work(agent);
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
            )
            .WithinLimit();
    }
}
