using System.Runtime.InteropServices;
using System.Text;

namespace Plexum.Codex.McpHost;

/// <summary>
/// Relays bytes both ways in one thread. It ends when codex or the daemon closes its side, and when codex dies, even if another process
/// keeps codex's end of the pipe open.
/// </summary>
internal static class Relaying
{
    private const short Readable = 1;
    private const short Writable = 4;
    private const int Interrupted = 4;
    private const int MaxHelloBytes = 4096;
    private const int Codex = 0;
    private const int Daemon = 1;
    private const int Parent = 2;
    private const int Output = 3;

    /// <summary>Connects, identifies itself and relays until either side closes.</summary>
    /// <returns>Null, or why it failed.</returns>
    public static unsafe string? Run(string socketPath, string agent, string token)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the relay runs on Linux only";
        }

        var hello = Encoding.UTF8.GetBytes($"plexum-mcp 1 {agent} {token}\n");
        if (hello.Length > MaxHelloBytes)
        {
            return "the agent's id or the token is too long";
        }

        var socket = RelayCalls.Connect(socketPath, out var error);
        if (socket < 0)
        {
            return $"cannot connect to {socketPath}: {Marshal.GetPInvokeErrorMessage(error)}";
        }

        // If codex is already gone, this is another parent, but then standard input is at its end.
        var parent = RelayCalls.OpenParent();
        var toDaemon = new RelayBuffer(0, socket);
        var toCodex = new RelayBuffer(socket, 1);
        toDaemon.Add(hello);
        var answered = false;
        var polls = stackalloc PollEntry[4];
        while (true)
        {
            polls[Codex] = PollEntry.Of(0, toDaemon.IsEmpty ? Readable : (short)0);
            polls[Daemon] = PollEntry.Of(socket, (short)((toCodex.IsEmpty ? Readable : 0) | (toDaemon.IsEmpty ? 0 : Writable)));
            polls[Parent] = PollEntry.Of(parent, Readable);
            polls[Output] = PollEntry.Of(1, toCodex.IsEmpty ? (short)0 : Writable);
            if (RelayCalls.Poll(polls, 4) < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }

                return $"poll failed: {Marshal.GetLastPInvokeErrorMessage()}";
            }

            if (polls[Parent].Returned != 0 || (polls[Codex].Returned != 0 && toDaemon.IsEmpty && !toDaemon.Fill()))
            {
                return null;
            }

            if ((polls[Daemon].Returned & Writable) != 0 && !toDaemon.IsEmpty && !toDaemon.Drain())
            {
                return answered ? null : Refused(agent);
            }

            if (polls[Output].Returned != 0 && !toCodex.IsEmpty && !toCodex.Drain())
            {
                return null;
            }

            if ((polls[Daemon].Returned & ~Writable) != 0 && toCodex.IsEmpty)
            {
                if (!toCodex.Fill())
                {
                    return answered ? null : Refused(agent);
                }

                answered = true;
            }
        }
    }

    private static string Refused(string agent) => $"the daemon closed the connection: agent {agent} has no current turn with this token";
}
