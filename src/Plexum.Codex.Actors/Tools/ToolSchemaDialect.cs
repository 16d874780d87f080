using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;
using DefinitionsKeyword = Json.Schema.Keywords.Draft06.DefinitionsKeyword;

namespace Plexum.Codex.Tools;

/// <summary>
/// The keywords by which arguments are checked: those of draft 2020-12 that say what a value must be. All others are passed over,
/// <c>$schema</c> and <c>$id</c> among them, so a schema of another draft is read by the same rules.
/// </summary>
/// <remarks>
/// The host writes the schema and is trusted with it; the model writes the arguments. A <c>pattern</c> that an argument makes slow is
/// given up. The names in <c>patternProperties</c> have no limit of time, because the library takes none there.
/// </remarks>
internal static class ToolSchemaDialect
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    public static Dialect Instance { get; } = new(
    [
        TypeKeyword.Instance, EnumKeyword.Instance, ConstKeyword.Instance,
        PropertiesKeyword.Instance, PatternPropertiesKeyword.Instance, AdditionalPropertiesKeyword.Instance, PropertyNamesKeyword.Instance,
        RequiredKeyword.Instance, DependentRequiredKeyword.Instance, DependentSchemasKeyword.Instance,
        MinPropertiesKeyword.Instance, MaxPropertiesKeyword.Instance,
        ItemsKeyword.Instance, PrefixItemsKeyword.Instance, ContainsKeyword.Instance, MinContainsKeyword.Instance, MaxContainsKeyword.Instance,
        MinItemsKeyword.Instance, MaxItemsKeyword.Instance, UniqueItemsKeyword.Instance,
        MinLengthKeyword.Instance, MaxLengthKeyword.Instance, new BoundedPattern(),
        MinimumKeyword.Instance, MaximumKeyword.Instance, ExclusiveMinimumKeyword.Instance, ExclusiveMaximumKeyword.Instance,
        MultipleOfKeyword.Instance,
        AllOfKeyword.Instance, AnyOfKeyword.Instance, OneOfKeyword.Instance, NotKeyword.Instance,
        IfKeyword.Instance, ThenKeyword.Instance, ElseKeyword.Instance,
        new BoundedReference(), DefsKeyword.Instance, DefinitionsKeyword.Instance,
    ])
    {
        AllowUnknownKeywords = true,
    };

    private sealed class BoundedPattern : PatternKeyword
    {
        public override object? ValidateKeywordValue(JsonElement value) => value.ValueKind == JsonValueKind.String
            ? new Regex(value.GetString()!, RegexOptions.ECMAScript, PatternLimit)
            : base.ValidateKeywordValue(value);
    }

    /// <summary>A reference into the same schema. The library notices a circle of one step and would follow a longer one for ever.</summary>
    private sealed class BoundedReference : RefKeyword
    {
        public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return base.Evaluate(keyword, context);
        }
    }
}
