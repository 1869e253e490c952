namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Which value is the largest: the class that a row of outputs stands for.</summary>
internal static class ArgMax
{
    /// <param name="values">At least one.</param>
    /// <returns>The index of the largest value, the first one where several are equal. No comparison with not-a-number holds: it is never larger than a value before it, nor any later value larger than it.</returns>
    public static int Of(ReadOnlySpan<float> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
        }

        return largest;
    }
}
