using System.Globalization;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Numbers in messages and names, the same in every culture.</summary>
internal static class FloatText
{
    /// <summary>Such as "[0.5, 2]".</summary>
    public static string Of(ReadOnlySpan<float> values) =>
        $"[{string.Join(", ", values.ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)))}]";
}
