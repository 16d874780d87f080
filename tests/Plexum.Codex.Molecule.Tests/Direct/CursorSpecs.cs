using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

public class CursorSpecs
{
    [Fact]
    public async Task What_was_not_popped_comes_again_after_a_death_and_what_was_popped_does_not()
    {
        await using var stage = await DirectStage.StartAsync();
        string[] ids = [stage.Own.UserSays("one"), stage.Own.UserSays("two"), stage.Own.UserSays("three")];
        await stage.MessagesAsync();
        await stage.PopAsync(ids[0]);
        await stage.PopAsync(ids[2]);

        await stage.RestartAsync();
        Assert.Equal(["two", "three"], await stage.TextsAsync());
        await stage.PopAsync(ids[1]);
        await stage.PopAsync(ids[2]);
        await stage.RestartAsync();
        stage.Own.UserSays("four");

        Assert.Equal(["four"], await stage.TextsAsync());
    }

    [Fact]
    public async Task A_message_that_is_popped_before_it_is_fetched_is_not_handed_out()
    {
        await using var stage = await DirectStage.StartAsync();
        var first = stage.Own.UserSays("one");
        await stage.MessagesAsync();
        await stage.RestartAsync();
        await stage.PopAsync(first);
        stage.Own.UserSays("two");

        Assert.Equal(["two"], await stage.TextsAsync());
    }

    [Fact]
    public async Task A_cursor_that_is_damaged_or_of_another_workspace_is_none()
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Own.UserSays("one");
        foreach (var content in new[] { "{", "[]", "{}", $$"""{"workspace":"other","since_id":"{{Guid.NewGuid()}}"}""" })
        {
            await File.WriteAllTextAsync(stage.CursorPath, content);
            await stage.RestartAsync();
            Assert.Equal(["one"], await stage.TextsAsync());
        }
    }

    [Fact]
    public async Task A_cursor_that_cannot_be_saved_makes_the_pop_fail_and_a_later_one_saves_it()
    {
        await using var stage = await DirectStage.StartAsync();
        var id = stage.Own.UserSays("one");
        await stage.MessagesAsync();
        Directory.CreateDirectory(stage.CursorPath);

        await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.PopAsync(id));
        Directory.Delete(stage.CursorPath);
        await stage.PopAsync(id);

        Assert.Contains(id, await File.ReadAllTextAsync(stage.CursorPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pops_side_by_side_leave_the_cursor_at_the_last_row()
    {
        await using var stage = await DirectStage.StartAsync();
        var ids = Enumerable.Range(0, 50).Select(number => stage.Own.UserSays($"{number}")).ToList();
        await stage.MessagesAsync();

        await Task.WhenAll(ids.Select(id => Task.Run(() => stage.PopAsync(id))));

        Assert.Contains(ids[^1], await File.ReadAllTextAsync(stage.CursorPath), StringComparison.Ordinal);
    }

    // Each step writes a row of some sort, fetches a page, settles one of the messages at hand, dies, or has the platform
    // forget the cursor.
    [Fact]
    public void No_row_is_ever_passed_before_it_was_settled_in_whatever_order_things_happen() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Gen.Choose(0, 99).ArrayOf(80).ToArbitrary(), steps =>
            {
                var life = new Life();
                foreach (var step in steps)
                {
                    life.Live(step);
                }

                life.Finish();
                return life.Problem is null ? true.ToProperty() : false.Label(life.Problem);
            }));

    private sealed class Life
    {
        private readonly List<InboxRow> _rows = [];
        private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
        private readonly List<string> _atHand = [];
        private readonly HashSet<string> _handedOut = new(StringComparer.Ordinal);
        private InboxProgress _progress = new(null);
        private string? _saved;

        public string? Problem { get; private set; }

        public void Live(int step)
        {
            switch (step % 10)
            {
                case 0 or 1 or 2:
                    Write(isMessage: step < 80);
                    break;
                case 3 or 4:
                    Fetch(1 + (step / 25));
                    break;
                case 5 or 6 or 7 when _atHand.Count > 0:
                    Settle(_atHand[step % _atHand.Count]);
                    break;
                case 8:
                    Die();
                    break;
                case 9 when step > 80:
                    _progress.ForgetPosition();
                    break;
            }

            Check();
        }

        public void Finish()
        {
            Die();
            Fetch(int.MaxValue);
            while (_atHand.Count > 0)
            {
                Settle(_atHand[^1]);
            }

            Check();
            if (_rows.Exists(row => row.Message is not null && !_settled.Contains(row.Id)))
            {
                Problem ??= "a message was never handed out";
            }

            if (_rows.Count > 0 && _saved != _rows[^1].Id)
            {
                Problem ??= "everything is settled and the cursor is not at the end";
            }
        }

        private void Write(bool isMessage)
        {
            var id = $"row-{_rows.Count}";
            _rows.Add(new InboxRow(id, _rows.Count + 1, "", isMessage ? new InboundMessage(id, "canvas_user", "", "text") : null, null));
        }

        private void Fetch(int page)
        {
            var from = _progress.Position is { } position ? _rows.FindIndex(row => row.Id == position) + 1 : 0;
            foreach (var message in _progress.Take(_rows.Skip(from).Take(page)))
            {
                if (!_handedOut.Add(message.ActivityId))
                {
                    Problem ??= $"{message.ActivityId} was handed out twice in one life";
                }

                _atHand.Add(message.ActivityId);
            }

            Save();
        }

        private void Settle(string id)
        {
            _atHand.Remove(id);
            _settled.Add(id);
            _progress.Settle(id);
            Save();
        }

        private void Save() => _saved = _progress.Settled;

        private void Die()
        {
            _progress = new InboxProgress(_saved);
            _atHand.Clear();
            _handedOut.Clear();
        }

        private void Check()
        {
            var end = _saved is null ? -1 : _rows.FindIndex(row => row.Id == _saved);
            if (_rows.Take(end + 1).FirstOrDefault(row => row.Message is not null && !_settled.Contains(row.Id)) is { } passed)
            {
                Problem ??= $"the cursor {_saved} has passed {passed.Id}, which is not settled";
            }

            if (_progress.AtHand != _atHand.Count)
            {
                Problem ??= $"{_progress.AtHand} messages are said to be at hand, and {_atHand.Count} are";
            }
        }
    }
}
