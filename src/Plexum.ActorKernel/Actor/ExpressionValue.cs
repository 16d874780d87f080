using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>The value of an argument in an expression. Constants and captured variables are read without compiling.</summary>
internal static class ExpressionValue
{
    public static object Of(Expression expression) => Evaluate(expression)!;

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Target(member)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(Target(member)),
        _ => Expression.Lambda(expression).Compile(preferInterpretation: true).DynamicInvoke(),
    };

    private static object? Target(MemberExpression member) => member.Expression is null ? null : Evaluate(member.Expression);
}
