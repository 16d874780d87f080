using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Json;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Reading;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>What a request changes in a rollout, found in one pass. Only one line of the file is in memory at a time.</summary>
internal sealed class RolloutRewrites
{
    /// <summary>The longest line that is parsed; longer ones are skipped.</summary>
    public const int MaxLineBytes = RolloutScanner.MaxLineBytes;

    private const int MaxNamed = 10;

    private readonly RewriteRequest _request;
    private readonly List<LineRewrite> _edits = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _short = new(StringComparer.Ordinal);
    private int _tooLong;

    private RolloutRewrites(RewriteRequest request) => _request = request;

    public IReadOnlyList<LineRewrite> Edits => _edits;

    public ConsumeResult Result => new(_touched.Count, _request.Count, [.. _request.Warnings, .. Warnings()]);

    /// <summary>Reads an open rollout from its beginning.</summary>
    /// <exception cref="IOException">The rollout cannot be read.</exception>
    public static RolloutRewrites Find(SafeFileHandle file, RewriteRequest request)
    {
        var edits = new RolloutRewrites(request);
        using var framer = new JsonlFramer(MaxLineBytes);
        long offset = 0;
        while (true)
        {
            var read = RandomAccess.Read(file, framer.GetMemory().Span, offset);
            offset += read;
            framer.Advance(read);
            if (read == 0)
            {
                framer.Complete();
            }

            while (framer.TryRead(out var line))
            {
                edits.Look(line);
            }

            if (read == 0)
            {
                return edits;
            }
        }
    }

    /// <summary>The ids, as a part of a sentence.</summary>
    public static string Name(SortedSet<string> ids) =>
        string.Join(", ", ids.Take(MaxNamed))
        + (ids.Count > MaxNamed ? FormattableString.Invariant($" and {ids.Count - MaxNamed} more") : "");

    private void Look(JsonlLine line)
    {
        _tooLong += line.IsTooLong ? 1 : 0;
        if (!RewritableLine.MayBeNamed(line.Bytes, _request) || !RewritableLine.TryRead(line.Bytes, out var found))
        {
            return;
        }

        var id = found.CallId.Decode();
        if (!_request.Names(id))
        {
            return;
        }

        if (found.IsOutput)
        {
            _answered.Add(id);
            Replace(line, found, id, _request.OutputOf(id));
        }
        else if (_request.TakesArguments(id))
        {
            Replace(line, found, id, RewriteRequest.NoArguments);
        }
    }

    // Lines must keep their length: codex stores byte offsets of turns and never checks them. After a line has grown, thread/fork
    // ends in the middle of a turn; after one has shrunk, it refuses (measured on 0.169.0). So a value shorter than its marker
    // stays; it costs less than the marker.
    private void Replace(JsonlLine line, RewritableLine found, string id, ReadOnlyMemory<byte> value)
    {
        var (start, length) = found.Value.GetOffsetAndLength(line.Bytes.Length);
        var room = found.SlotEnd - start;
        if (room < value.Length)
        {
            if (found.IsOutput)
            {
                _short.Add(id);
            }

            return;
        }

        _touched.Add(id);
        if (!line.Bytes.Slice(start, length).SequenceEqual(value.Span))
        {
            _edits.Add(new LineRewrite(line.Offset + start, room, value));
        }
    }

    private IEnumerable<string> Warnings()
    {
        if (_short.Count > 0)
        {
            yield return $"The output of {Name(_short)} is shorter than its marker and was left unchanged.";
        }

        if (_tooLong > 0 && _answered.Count < _request.Known)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Lines over {MaxLineBytes / 1024 / 1024} MiB were skipped ({_tooLong} in total); they may contain requested calls."
            );
        }
    }
}
