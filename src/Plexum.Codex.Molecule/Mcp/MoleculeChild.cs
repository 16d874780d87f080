using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// A <c>molecule-mcp</c> process and its MCP client. The process runs one call at a time, and a cancelled call continues in it.
/// </summary>
internal sealed class MoleculeChild : IAsyncDisposable
{
    private const string ProtocolVersion = "2024-11-05";
    private const int MissingEnvironment = 2;
    private const int RegistrationRefused = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly Implementation ServerInfo = new() { Name = "plexum-codex", Version = "1" };

    private readonly Process _process;
    private readonly ChildErrors _errors;
    private McpClient? _client;
    private volatile bool _failed;

    private MoleculeChild(Process process, ChildErrors errors) => (_process, _errors) = (process, errors);

    /// <summary>Whether more calls can be made.</summary>
    public bool IsUsable => !_failed && !_process.HasExited;

    /// <summary>Starts a process and initializes its MCP session.</summary>
    /// <param name="program">The program.</param>
    /// <param name="withInbox">Whether the process polls the inbox.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PlatformRefusedException">The platform refuses the workspace, or the environment is incomplete.</exception>
    /// <exception cref="PlatformUnavailableException">The process did not start.</exception>
    public static async Task<MoleculeChild> StartAsync(MoleculeMcpProgram program, bool withInbox, CancellationToken cancellationToken)
    {
        Process process;
        try
        {
            process = await ChildStarter.StartAsync(program.StartInfo(withInbox)).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            throw new PlatformUnavailableException($"{program.Path} cannot be started: {e.Message}", e);
        }

        var child = new MoleculeChild(process, ChildErrors.Follow(process, program.Secret()));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StartLimit);
            child._client = await McpClient
                .CreateAsync(
                    new StreamClientTransport(process.StandardInput.BaseStream, new WholeTextStream(process.StandardOutput.BaseStream)),
                    new McpClientOptions { ClientInfo = ServerInfo, ProtocolVersion = ProtocolVersion },
                    cancellationToken: limit.Token
                )
                .ConfigureAwait(false);
            return child;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var why = await child.ExplainAsync(e).ConfigureAwait(false);
            await child.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw why;
        }
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long the call may take; after that the process is unusable.</param>
    /// <param name="cancellationToken">Cancels the wait, which makes the process unusable.</param>
    /// <returns>The answer's text, which may describe a failure.</returns>
    /// <exception cref="PlatformException">There is no answer.</exception>
    public async Task<string> CallAsync(
        string tool,
        IReadOnlyDictionary<string, object?> arguments,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        try
        {
            var response = await _client!
                .SendRequestAsync(
                    new JsonRpcRequest
                    {
                        Method = "tools/call",
                        Params = new JsonObject { ["name"] = tool, ["arguments"] = JsonSerializer.SerializeToNode(arguments) },
                    },
                    either.Token
                )
                .ConfigureAwait(false);
            return CallText.Of(response.Result);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw e is OperationCanceledException
                ? new PlatformUnavailableException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"molecule-mcp did not answer {tool} within {limit.TotalSeconds:0} seconds."
                    ),
                    e
                )
                : await ExplainAsync(e).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _failed = true;
        try
        {
            // Unless it is in a call, it exits at the end of its input.
            _process.StandardInput.Close();
            if (_client is not null)
            {
                await _client.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has already exited.
        }

        if (!await EndsAsync().ConfigureAwait(false))
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process.Dispose();
    }

    private async Task<PlatformException> ExplainAsync(Exception e)
    {
        if (!await EndsAsync().ConfigureAwait(false))
        {
            return new PlatformUnavailableException($"The call to molecule-mcp failed: {e.Message}", e);
        }

        var said = _errors.Last is { Length: > 0 } last ? $" Its last output was: {last}" : "";
        return _process.ExitCode switch
        {
            MissingEnvironment => new PlatformRefusedException(
                $"molecule-mcp is missing an environment variable (exit code 2).{said} Set it and restart the daemon."
            ),
            RegistrationRefused => new PlatformRefusedException(
                "The platform refused molecule-mcp's registration (exit code 3): the token was revoked, or the workspace is gone."
                    + $"{said} Get a new token and restart the daemon."
            ),
            var code => new PlatformUnavailableException(
                string.Create(CultureInfo.InvariantCulture, $"molecule-mcp exited with code {code}.{said}"),
                e
            ),
        };
    }

    private async Task<bool> EndsAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
