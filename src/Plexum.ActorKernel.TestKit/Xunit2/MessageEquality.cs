using System.Collections;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>When an expected and an actual message are the same.</summary>
internal static class MessageEquality
{
    /// <summary>As the type itself says, or else element by element, or else as <see cref="object.Equals(object)"/> says of two of one type.</summary>
    internal static bool AreEqual<T>(T expected, T actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        return expected switch
        {
            IEquatable<T> equatable => equatable.Equals(actual),
            IComparable<T> comparable => comparable.CompareTo(actual) == 0,
            IComparable comparable when expected.GetType() == actual.GetType() => comparable.CompareTo(actual) == 0,
            IEnumerable sequence when actual is IEnumerable other => AreEqualSequences(sequence, other),
            _ => expected.GetType() == actual.GetType() && expected.Equals(actual),
        };
    }

    private static bool AreEqualSequences(IEnumerable expected, IEnumerable actual)
    {
        var (left, right) = (expected.GetEnumerator(), actual.GetEnumerator());
        while (true)
        {
            var (leftHasNext, rightHasNext) = (left.MoveNext(), right.MoveNext());
            if (!leftHasNext || !rightHasNext)
            {
                return leftHasNext == rightHasNext;
            }

            if (!AreEqual(left.Current, right.Current))
            {
                return false;
            }
        }
    }
}
