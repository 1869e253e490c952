namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>Whether numbers are the same but for the rounding of float32 in another order of sums.</summary>
internal static class Close
{
    /// <summary>How far they may be apart, next to the largest of them.</summary>
    public const double Relative = 1e-5;

    /// <param name="expected">Rows of outputs.</param>
    /// <param name="actual">As many.</param>
    /// <param name="rounding">What the rounding of inputs alone moves the outputs by, which is let pass besides.</param>
    public static void Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double rounding = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 1e-30;
        foreach (var value in expected)
            largest = Math.Max(largest, float.IsNaN(value) ? 0 : Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsNaN(expected[i]) != float.IsNaN(actual[i]) || Math.Abs((double)expected[i] - actual[i]) > Math.Max(Relative * largest, rounding))
                Assert.Fail(FormattableString.Invariant($"Value {i} is {actual[i]}, expected {expected[i]}, of up to {largest}."));
        }
    }
}
