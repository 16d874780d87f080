using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// One process of <c>molecule-mcp</c>, and the MCP client of it. It carries out one call after the other, however many are made, and a
/// call that was given up goes on in it.
/// </summary>
internal sealed class MoleculeChild : IAsyncDisposable
{
    private const string ProtocolVersion = "2024-11-05";
    private const int MissingEnvironment = 2;
    private const int RegistrationRefused = 3;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(2);
    private static readonly Implementation s_myself = new() { Name = "plexum-codex", Version = "1" };

    private readonly Process _process;
    private readonly ChildErrors _errors;
    private McpClient? _client;
    private volatile bool _failed;

    private MoleculeChild(Process process, ChildErrors errors) => (_process, _errors) = (process, errors);

    /// <summary>Whether more may be asked of it.</summary>
    public bool IsUsable => !_failed && !_process.HasExited;

    /// <summary>Starts a process and greets it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="withInbox">Whether it polls the inbox.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PlatformRefusedException">The platform does not want the workspace, or the environment is not complete.</exception>
    /// <exception cref="PlatformUnavailableException">It did not start.</exception>
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
            limit.CancelAfter(s_startLimit);
            child._client = await McpClient.CreateAsync(
                new StreamClientTransport(process.StandardInput.BaseStream, process.StandardOutput.BaseStream),
                new McpClientOptions { ClientInfo = s_myself, ProtocolVersion = ProtocolVersion },
                cancellationToken: limit.Token).ConfigureAwait(false);
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
    /// <param name="limit">How long it may take; afterwards the process is of no more use.</param>
    /// <param name="cancellationToken">Ends the wait; the process is of no more use then.</param>
    /// <returns>The text that it answered, which may tell of a failure.</returns>
    /// <exception cref="PlatformException">There is no answer.</exception>
    public async Task<string> CallAsync(
        string tool, IReadOnlyDictionary<string, object?> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        try
        {
            var response = await _client!.SendRequestAsync(
                new JsonRpcRequest
                {
                    Method = "tools/call",
                    Params = new JsonObject { ["name"] = tool, ["arguments"] = JsonSerializer.SerializeToNode(arguments) },
                },
                either.Token).ConfigureAwait(false);
            return TextOf(response.Result);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw e is OperationCanceledException
                ? new PlatformUnavailableException(string.Create(CultureInfo.InvariantCulture, $"molecule-mcp did not answer {tool} within {limit.TotalSeconds:0} seconds."), e)
                : await ExplainAsync(e).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _failed = true;
        try
        {
            // Where it is not in a call the end of its input ends it.
            _process.StandardInput.Close();
            if (_client is not null)
            {
                await _client.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has gone already.
        }

        if (!await EndsAsync().ConfigureAwait(false))
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process.Dispose();
    }

    // Not with the library's own types: what a peer wrote may have half of a surrogate pair in it, which they throw at.
    private static string TextOf(JsonNode? result) => string.Concat(
        (result?["content"] as JsonArray ?? []).Select(part => part?["text"] is JsonValue text && text.TryGetValue(out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? PlatformJson.Text(value)
            : ""));

    private async Task<PlatformException> ExplainAsync(Exception e)
    {
        if (!await EndsAsync().ConfigureAwait(false))
        {
            return new PlatformUnavailableException($"molecule-mcp could not be asked: {e.Message}", e);
        }

        var said = _errors.Last is { Length: > 0 } last ? $" Its last words were: {last}" : "";
        return _process.ExitCode switch
        {
            MissingEnvironment => new PlatformRefusedException($"molecule-mcp misses something in its environment (exit code 2).{said} Set it and start the daemon anew."),
            RegistrationRefused => new PlatformRefusedException($"The platform refused molecule-mcp's registration (exit code 3): the token was revoked, or the workspace is gone.{said} Get a new token and start the daemon anew."),
            var code => new PlatformUnavailableException(string.Create(CultureInfo.InvariantCulture, $"molecule-mcp has ended with exit code {code}.{said}"), e),
        };
    }

    private async Task<bool> EndsAsync()
    {
        using var limit = new CancellationTokenSource(s_endLimit);
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
