using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Approvals;

/// <summary>The name of one question of codex: <c>q-</c> and eight hexadecimal digits, short enough to type.</summary>
public readonly record struct ApprovalId
{
    private const string Prefix = "q-";
    private const int Digits = 8;

    private readonly string? _value;

    private ApprovalId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no question.</exception>
    public string Value => _value ?? throw new InvalidOperationException("This id of a question was never set.");

    /// <summary>
    /// The name of a question. A question that is asked again has the same one, also in a later process of this program.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="question">What tells the question from the turn's others, whenever it is asked.</param>
    public static ApprovalId Of(TurnId turn, string question)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{turn.Value}\n{question}"));
        return new ApprovalId(Prefix + Convert.ToHexStringLower(hash)[..Digits]);
    }

    /// <summary>Parses the name of a question; false if the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ApprovalId id)
    {
        var valid =
            text is { Length: 10 }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);
        id = valid ? new ApprovalId(text!) : default;
        return valid;
    }

    /// <summary>The name, or <c>(none)</c> for <c>default</c>.</summary>
    public override string ToString() => _value ?? "(none)";
}
