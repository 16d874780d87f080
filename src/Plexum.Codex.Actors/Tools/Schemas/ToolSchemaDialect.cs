using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;
using DefinitionsKeyword = Json.Schema.Keywords.Draft06.DefinitionsKeyword;

namespace Plexum.Codex.Tools.Schemas;

/// <summary>
/// The keywords that arguments are checked against: those of draft 2020-12 that constrain a value. All others are ignored, including
/// <c>$schema</c> and <c>$id</c>, so a schema of another draft follows the same rules.
/// </summary>
/// <remarks>
/// The host writes the schema and is trusted; the model writes the arguments. A <c>pattern</c> has a time limit, because an argument can
/// make it slow. The patterns of <c>patternProperties</c> have none, because the library does not support it.
/// </remarks>
internal static class ToolSchemaDialect
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    public static Dialect Instance { get; } =
        new([
            TypeKeyword.Instance,
            EnumKeyword.Instance,
            ConstKeyword.Instance,
            PropertiesKeyword.Instance,
            PatternPropertiesKeyword.Instance,
            AdditionalPropertiesKeyword.Instance,
            PropertyNamesKeyword.Instance,
            RequiredKeyword.Instance,
            DependentRequiredKeyword.Instance,
            DependentSchemasKeyword.Instance,
            MinPropertiesKeyword.Instance,
            MaxPropertiesKeyword.Instance,
            ItemsKeyword.Instance,
            PrefixItemsKeyword.Instance,
            ContainsKeyword.Instance,
            MinContainsKeyword.Instance,
            MaxContainsKeyword.Instance,
            MinItemsKeyword.Instance,
            MaxItemsKeyword.Instance,
            UniqueItemsKeyword.Instance,
            MinLengthKeyword.Instance,
            MaxLengthKeyword.Instance,
            new BoundedPattern(),
            MinimumKeyword.Instance,
            MaximumKeyword.Instance,
            ExclusiveMinimumKeyword.Instance,
            ExclusiveMaximumKeyword.Instance,
            MultipleOfKeyword.Instance,
            AllOfKeyword.Instance,
            AnyOfKeyword.Instance,
            OneOfKeyword.Instance,
            NotKeyword.Instance,
            IfKeyword.Instance,
            ThenKeyword.Instance,
            ElseKeyword.Instance,
            new BoundedReference(),
            DefsKeyword.Instance,
            DefinitionsKeyword.Instance,
        ])
        {
            AllowUnknownKeywords = true,
        };

    private sealed class BoundedPattern : PatternKeyword
    {
        public override object? ValidateKeywordValue(JsonElement value) =>
            value.ValueKind == JsonValueKind.String
                ? new Regex(value.GetString()!, RegexOptions.ECMAScript, PatternLimit)
                : base.ValidateKeywordValue(value);
    }

    /// <summary>A reference within the schema. The library detects a cycle of one step but would follow a longer one forever.</summary>
    private sealed class BoundedReference : RefKeyword
    {
        public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return base.Evaluate(keyword, context);
        }
    }
}
