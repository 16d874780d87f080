using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>token</c>: creates, lists and revokes the named tokens for requests over TCP. It works with and without a daemon.</summary>
internal static class TokenCommand
{
    private const string Never = "never";
    private static readonly TimeSpan MaxLife = TimeSpan.FromDays(36_500);

    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "The token's name: 1 to 64 letters, digits, dots, underscores or dashes, without \"..\".",
    };

    private static readonly Option<string> Scope = new("--scope")
    {
        Description =
            "What the token allows, separated by commas: read (look at turns, events, agents and usage), submit (submit turns, answer "
            + "their tool calls, consume), cancel (end turns), admin (everything).",
        HelpName = "SCOPE,…",
        Required = true,
    };

    private static readonly Option<string> Expires = new("--expires")
    {
        Description = "How long the token is valid, for example 12h or 30d, or never.",
        HelpName = "DURATION|never",
        DefaultValueFactory = _ => "90d",
    };

    public static Command Create()
    {
        var create = new Command("create", "Create a token and print it. It is not kept and cannot be shown again.")
        {
            Name,
            Scope,
            Expires,
        };
        create.SetAction(CreateAsync);
        var list = new Command("list", "List the tokens, without their secrets.") { DaemonCommand.Json };
        list.SetAction(List);
        var revoke = new Command("revoke", "Revoke a token. A running daemon refuses its next request and ends its streams.") { Name };
        revoke.SetAction(RevokeAsync);
        return new Command(
            "token",
            "Create, list and revoke tokens for requests to a daemon over TCP (serve --listen). Exit codes: 0 success, 2 refused."
        )
        {
            create,
            list,
            revoke,
        };
    }

    private static async Task<int> CreateAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (name, now) = (arguments.GetValue(Name), TimeProvider.System.GetUtcNow());
        if (!AccessToken.IsName(name))
        {
            throw new CodexException(
                $"\"{name}\" cannot be a token's name: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\", and not "
                    + $"{OwnerToken.Name}, which is the owner's own."
            );
        }

        var secret = TokenSecret.New();
        var token = new AccessToken(
            name!,
            Convert.ToHexStringLower(TokenSecret.HashOf(secret)),
            AccessScopeNames.NamesOf(ParseScopes(arguments.GetValue(Scope)!)),
            now,
            ParseExpiry(arguments.GetValue(Expires)!) is { } life ? now + life : null
        );
        await ChangeAsync(
                arguments,
                tokens => Added(tokens, token),
                audit => audit.WriteOwn("create_token", "command", token.Name, token.Scopes, token.ExpiresAt),
                cancellationToken
            )
            .ConfigureAwait(false);
        Console.Out.WriteLine(secret);
        StderrMessages.Write(
            $"The token {token.Name} has the scopes {string.Join(", ", token.Scopes)} and "
                + $"{(token.ExpiresAt is { } at ? $"expires at {TurnTexts.At(at)}" : "never expires")}. It cannot be shown again."
        );
        return ExitCodes.Done;
    }

    private static int List(ParseResult arguments)
    {
        var settings = OperatorSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        var now = TimeProvider.System.GetUtcNow();
        var tokens = new TokenFile(settings.Profile.TokensFile).Read();
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(new ListedTokens([.. tokens.Select(token => ListedToken.Of(token, now))]), AccessJson.Default.ListedTokens);
        }
        else if (tokens.IsEmpty)
        {
            StderrMessages.Write("There are no tokens. Create one with: plexum-codex token create NAME --scope read");
        }
        else
        {
            Table(tokens, now).Write(Consoles.Output());
        }

        return ExitCodes.Done;
    }

    private static async Task<int> RevokeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(Name)!;
        await ChangeAsync(
                arguments,
                tokens => Without(tokens, name),
                audit => audit.WriteOwn("revoke_token", "command", name),
                cancellationToken
            )
            .ConfigureAwait(false);
        StderrMessages.Write($"The token {name} is revoked.");
        return ExitCodes.Done;
    }

    internal static PlainTable Table(ImmutableArray<AccessToken> tokens, DateTimeOffset now)
    {
        var table = new PlainTable("TOKEN", "SCOPES", "CREATED", "EXPIRES", "LAST USED");
        foreach (var token in tokens)
        {
            table.Add(
                token.Name,
                string.Join(", ", token.Scopes),
                TurnTexts.At(token.CreatedAt),
                token.ExpiresAt is not { } at ? Never
                    : token.IsExpired(now) ? $"{TurnTexts.At(at)} (expired)"
                    : TurnTexts.At(at),
                token.LastUsedAt is { } used ? TurnTexts.At(used) : Never
            );
        }

        return table;
    }

    private static async Task ChangeAsync(
        ParseResult arguments,
        Func<ImmutableArray<AccessToken>, ImmutableArray<AccessToken>> change,
        Action<AuditLog> write,
        CancellationToken cancellationToken
    )
    {
        var settings = OperatorSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        settings.Profile.Prepare();
        using var logging = ProgramLogging.Start(settings.Profile, settings.Log);
        ProgramLogging.Warn(settings.Warnings);
        using var audit = AuditLog.Open(settings.Profile, settings.Log, TimeProvider.System);
        await new TokenFile(settings.Profile.TokensFile).ChangeAsync(change, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        write(audit);
    }

    private static ImmutableArray<AccessToken> Added(ImmutableArray<AccessToken> tokens, AccessToken token) =>
        tokens.Any(other => other.Name == token.Name)
            ? throw new CodexException($"There already is a token {token.Name}; revoke it first, or choose another name.")
        : tokens.Length >= TokenFile.MaxTokens
            ? throw new CodexException(
                string.Create(CultureInfo.InvariantCulture, $"There are {tokens.Length} tokens already; revoke some that are not needed.")
            )
        : tokens.Add(token);

    private static ImmutableArray<AccessToken> Without(ImmutableArray<AccessToken> tokens, string name) =>
        tokens.FirstOrDefault(token => token.Name == name) is { } revoked
            ? tokens.Remove(revoked)
            : throw new CodexException($"There is no token {name}; \"plexum-codex token list\" lists all tokens.");

    private static AccessScopes ParseScopes(string text) =>
        AccessScopeNames.TryParse(text)
        ?? throw new CodexException($"--scope {text}: give one or more of {AccessScopeNames.All}, separated by commas.");

    // Null for never.
    private static TimeSpan? ParseExpiry(string text) =>
        text == Never ? null
        : HoconUnits.TryParseDuration(text, out var life) && life > TimeSpan.Zero && life <= MaxLife ? life
        : throw new CodexException($"--expires {text}: give a duration with its unit, such as 12h or 30d, or never.");
}
