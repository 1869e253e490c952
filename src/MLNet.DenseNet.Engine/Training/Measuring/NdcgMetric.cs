using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// How well scores order the rows of groups: the mean over groups of NDCG@10, the normalized discounted cumulative gain of the ten rows with the highest scores. The gain of a row with the relevance y is 2^y - 1, of a negative one 0; that of
/// place i, from 1, counts 1 / log2(i + 1); and the sum is divided by that of the best order. Groups count by the sum of their rows' weights, and those without a gain, in any order the same, are left out.
/// </summary>
/// <remarks>
/// Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the gains of Burges et al., "Learning to rank using gradient descent" (2005). Rows of the same score share their places, so that their order in the data
/// tells nothing (McSherry and Najork, 2008), as in scikit-learn's ndcg_score.
/// </remarks>
internal sealed class NdcgMetric
{
    // 1 / log2(place + 1). Written out, they have the same bits on every machine, which the platform's logarithm does not promise.
    private static readonly double[] Discounts =
        [1, 0.6309297535714574, 0.5, 0.43067655807339306, 0.38685280723454163, 0.3562071871080222, 0.3333333333333333, 0.31546487678572871, 0.3010299956639812, 0.28906482631788787];

    private const double LogarithmOfTwo = 0.693147180559945309;

    // Added to a number from 1 to 2, less changes nothing.
    private const double LeastTerm = 1e-17;

    // Below it, powers of two are 0.
    private const double LeastExponent = -2000;

    private readonly float[] _scores;
    private readonly double[] _gains;
    private double _sum;
    private double _weight;

    /// <param name="largestGroup">The most rows that a group has.</param>
    public NdcgMetric(int largestGroup) => (_scores, _gains) = (new float[largestGroup], new double[largestGroup]);

    /// <summary>Of all groups added since the latest <see cref="Clear"/>; null where none has a gain.</summary>
    public double? Value => _weight > 0 ? _sum / _weight : null;

    public void Clear() => _sum = _weight = 0;

    /// <param name="scores">(rows), the higher the sooner.</param>
    /// <param name="targets">The rows' relevances, groups and weights, as <see cref="RowGroups.Weights"/> has them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> scores, in BatchTargets targets)
    {
        var starts = targets.GroupStarts;
        for (var group = 0; group + 1 < starts.Length; group++)
        {
            var (first, rows) = (starts[group], starts[group + 1] - starts[group]);
            var weight = targets.Weights.IsEmpty ? 1 : Sum(targets.Weights.Slice(first, rows));
            if (weight == 0 || Of(scores.Slice(first, rows), targets.Values.Slice(first, rows)) is not { } value)
                continue;
            _sum += weight * value;
            _weight += weight;
        }
    }

    /// <summary>That of one group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double? Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> relevances)
    {
        var keys = _scores.AsSpan(0, scores.Length);
        var gains = _gains.AsSpan(0, scores.Length);
        // Divided by 2^highest, which leaves the quotient what it is and cannot overflow.
        var highest = 0f;
        foreach (var relevance in relevances)
            highest = Math.Max(highest, relevance);
        var ofNone = PowerOfTwo(-highest);
        for (var row = 0; row < gains.Length; row++)
            (keys[row], gains[row]) = (-scores[row], Math.Max(0, PowerOfTwo((double)relevances[row] - highest) - ofNone));
        keys.Sort(gains);
        var found = 0.0;
        for (int first = 0, end; first < Math.Min(Discounts.Length, gains.Length); first = end)
        {
            end = first + 1;
            while (end < gains.Length && keys[end] == keys[first])
                end++;
            found += Sum(gains[first..end]) / (end - first) * Sum(Discounts.AsSpan()[first..Math.Min(end, Discounts.Length)]);
        }

        gains.Sort();
        var best = 0.0;
        for (var place = 0; place < Math.Min(Discounts.Length, gains.Length); place++)
            best += gains[^(place + 1)] * Discounts[place];
        return best > 0 ? found / best : null;
    }

    /// <summary>2^exponent, for one that is at most 0: exactly where it is whole, as relevances mostly are.</summary>
    private static double PowerOfTwo(double exponent)
    {
        exponent = Math.Max(exponent, LeastExponent);
        var whole = Math.Floor(exponent);
        // The series of e^x. Of a whole exponent, x is 0.
        var x = (exponent - whole) * LogarithmOfTwo;
        var (sum, term) = (1.0, x);
        for (var i = 2; term > LeastTerm; i++)
        {
            sum += term;
            term *= x / i;
        }

        return Math.ScaleB(sum, (int)whole);
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
