using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How values are distributed: their number in each of some intervals of the same width.</summary>
/// <param name="Lowest">Where the first interval begins: the smallest value.</param>
/// <param name="Highest">Where the last interval ends: the largest value, which it includes.</param>
/// <param name="Counts">The number of values in each interval.</param>
public sealed record WeightHistogram(float Lowest, float Highest, IReadOnlyList<int> Counts)
{
    private const int Intervals = 50;

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);

    /// <summary>Counts values.</summary>
    /// <param name="values">At least one, all finite.</param>
    internal static WeightHistogram Of(ReadOnlySpan<float> values)
    {
        var (lowest, highest) = (values[0], values[0]);
        foreach (var value in values)
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        var counts = new int[Intervals];
        // In float64, since the difference of two float32 values can overflow float32.
        var perInterval = highest > lowest ? Intervals / ((double)highest - lowest) : 0;
        foreach (var value in values)
            counts[Math.Min((int)(((double)value - lowest) * perInterval), Intervals - 1)]++;
        return new WeightHistogram(lowest, highest, counts);
    }
}
