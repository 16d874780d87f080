using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Locating;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>
/// A changed copy beside a rollout that replaces it atomically or is deleted. It keeps the original's owner, permissions and last
/// modification time, because codex sorts threads by that time and a rewrite is not activity in the thread. The copy of a compressed
/// rollout is plain and gets the name to which codex unpacks it when the thread continues.
/// </summary>
internal sealed class RewrittenFile : IDisposable
{
    private const int CopyBytes = 1024 * 1024;
    private const long RangeBytes = 256 * CopyBytes;

    private readonly string _path;
    private readonly string _plainPath;
    private readonly SafeFileHandle _source;
    private readonly SafeFileHandle _content;
    private readonly long _length;
    private readonly FileStatus _status;
    private readonly FileStream _target;
    private bool _committed;

    /// <summary>Creates the copy, still empty. The caller must hold the thread's writer lock.</summary>
    /// <param name="path">The rollout.</param>
    /// <param name="source">The open rollout.</param>
    /// <param name="unpacked">Its unpacked content if it is compressed.</param>
    /// <exception cref="IOException">The copy cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not writable.</exception>
    public RewrittenFile(string path, SafeFileHandle source, SafeFileHandle? unpacked = null)
    {
        _path = path;
        _plainPath = RolloutFile.PlainPathOf(path);
        _source = source;
        _content = unpacked ?? source;
        _status = FileStatus.OfHandle(source) ?? throw new IOException($"The status of {path} cannot be read.");
        _length = unpacked is null ? _status.Length : RandomAccess.GetLength(unpacked);
        TemporaryPath = TemporaryPathOf(path);
        _target = OwnerOnly.CreateFile(TemporaryPath);
    }

    /// <summary>The path of the copy until it replaces the rollout.</summary>
    public string TemporaryPath { get; }

    /// <summary>Deletes a copy that a crash left behind. The caller must hold the thread's writer lock.</summary>
    /// <exception cref="IOException">The copy cannot be deleted.</exception>
    public static void RemoveStale(string path) => File.Delete(TemporaryPathOf(path));

    /// <summary>Copies the rollout, applies the edits and replaces it with the copy. A crash leaves one of the two intact.</summary>
    /// <exception cref="IOException">The copy could not be written; the rollout is unchanged.</exception>
    public void Commit(IEnumerable<LineRewrite> edits)
    {
        var target = _target.SafeFileHandle;
        Copy(target);
        foreach (var edit in edits)
        {
            edit.Write((bytes, at) => RandomAccess.Write(target, bytes.Span, at));
        }

        TakeOver(target);
        RandomAccess.FlushToDisk(target);
        if (FileStatus.OfPath(_path) != _status)
        {
            throw new IOException($"{_path} was changed meanwhile by a program that ignores codex's locks.");
        }

        PutInPlace();
    }

    /// <summary>Deletes the copy unless it has replaced the rollout.</summary>
    public void Dispose()
    {
        _target.Dispose();
        if (!_committed)
        {
            File.Delete(TemporaryPath);
        }
    }

    private static string TemporaryPathOf(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(RolloutFile.PlainPathOf(path))}.consume");

    // If a thread has a plain and a compressed rollout, codex uses the plain one, so a crash between the two steps loses nothing.
    private void PutInPlace()
    {
        if (_plainPath == _path)
        {
            Check(Libc.Rename(TemporaryPath, _path), "be replaced");
            _committed = true;
        }
        else
        {
            File.Move(TemporaryPath, _plainPath, overwrite: false);
            _committed = true;
            AtomicFile.FlushDirectory(Path.GetDirectoryName(_path)!);
            File.Delete(_path);
        }

        AtomicFile.FlushDirectory(Path.GetDirectoryName(_path)!);
    }

    private void TakeOver(SafeFileHandle target)
    {
        if (FileStatus.OfHandle(target) is { } made && (made.Owner, made.Group) != (_status.Owner, _status.Group))
        {
            Check(Libc.Fchown(target, _status.Owner, _status.Group), "keep its owner");
        }

        Check(Libc.Fchmod(target, _status.Permissions), "keep its permissions");
        File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(_source));
    }

    // The kernel copies without a detour through this process, and shares blocks if the file system can.
    private void Copy(SafeFileHandle target)
    {
        long from = 0,
            to = 0;
        while (from < _length)
        {
            var copied = Libc.CopyFileRange(_content, ref from, target, ref to, (nuint)Math.Min(RangeBytes, _length - from), 0);
            if (copied <= 0)
            {
                CopyByHand(target, from);
                return;
            }
        }
    }

    // The fallback: not every kernel and file system can. It also reports a full disk.
    private void CopyByHand(SafeFileHandle target, long at)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (at < _length)
            {
                var read = RandomAccess.Read(_content, buffer.AsSpan(0, (int)Math.Min(buffer.Length, _length - at)), at);
                if (read == 0)
                {
                    throw new IOException($"{_path} shrank while it was being read.");
                }

                RandomAccess.Write(target, buffer.AsSpan(0, read), at);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new IOException($"{_path} cannot {what}: {Libc.ErrorText(Marshal.GetLastPInvokeError())}.");
        }
    }
}
