namespace MLNet.DenseNet.Engine;

/// <summary>A value for each epoch without most of its noise: each is the mean of some epochs around it.</summary>
internal sealed class SmoothedCurve
{
    private const int WidestReach = 50;

    private readonly IReadOnlyList<double> _values;
    private readonly double[] _means;

    /// <param name="values">A value for each epoch, at least one.</param>
    public SmoothedCurve(IReadOnlyList<double> values)
    {
        _values = values;
        // A twentieth of the epochs to each side, since long trainings change slowly.
        var reach = values.Count < 5 ? 0 : Math.Clamp(values.Count / 20, 1, WidestReach);
        _means = new double[values.Count];
        for (var i = 0; i < _means.Length; i++)
            _means[i] = MeanOf(values, Math.Max(0, i - reach), Math.Min(values.Count - 1, i + reach));
        Best = BestUpTo(values.Count - 1);
        Noise = NoiseOf(values) / Math.Sqrt(2 * reach + 1);
    }

    public int Count => _values.Count;

    public double this[int index] => _means[index];

    /// <summary>An epoch's own value.</summary>
    public double Value(int index) => _values[index];

    public double First => _means[0];

    public double Last => _means[^1];

    /// <summary>The epoch, from 0, of the smallest mean.</summary>
    public int Best { get; }

    /// <summary>The epoch, from 0, of the largest mean.</summary>
    public int Highest => LowestOf(_means, _means.Length - 1, -1);

    /// <summary>The standard deviation of each mean by chance.</summary>
    public double Noise { get; }

    /// <summary>The epoch, from 0, of the smallest mean up to another.</summary>
    public int BestUpTo(int last) => LowestOf(_means, last, 1);

    /// <summary>The epoch, from 0, of the smallest value up to another.</summary>
    public int LowestUpTo(int last) => LowestOf(_values, last, 1);

    /// <summary>Whether a difference of two means is more than chance explains.</summary>
    public bool IsClear(double difference) => difference > 3 * Math.Sqrt(2) * Noise;

    private static double MeanOf(IReadOnlyList<double> values, int first, int last)
    {
        var (sum, count) = (0.0, last - first + 1);
        for (var i = first; i <= last; i++)
            sum += values[i] / count;
        return sum;
    }

    private static int LowestOf(IReadOnlyList<double> values, int last, int sign)
    {
        var lowest = 0;
        for (var i = 1; i <= last; i++)
        {
            if (sign * values[i] < sign * values[lowest])
                lowest = i;
        }

        return lowest;
    }

    /// <summary>The standard deviation of values around the line through their neighbours. Only the later half of the epochs counts, where the curve is flat and its noise that of the end.</summary>
    private static double NoiseOf(IReadOnlyList<double> values)
    {
        // The distance of a value from the mean of two neighbours has variance 3/2 σ², where each has σ². The median is not misled by a jump; 1.4826 times the median is the standard deviation of normal noise.
        var distances = Enumerable.Range(1, Math.Max(0, values.Count - 2)).Where(i => i >= values.Count / 2).Select(i => Math.Abs(values[i] - (values[i - 1] + values[i + 1]) / 2)).Order().ToArray();
        return distances.Length < 2 ? 0 : 1.4826 * Math.Sqrt(2.0 / 3) * distances[distances.Length / 2];
    }
}
