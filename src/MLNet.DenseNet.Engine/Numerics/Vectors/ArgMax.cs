namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Which value is the largest: the class that a row of outputs stands for.</summary>
internal static class ArgMax
{
    /// <param name="values">At least one.</param>
    /// <returns>The index of the largest value; of equal ones the first. Comparisons with not-a-number are false: it is not larger than the values before it, and no later value is larger than it.</returns>
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
