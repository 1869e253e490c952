using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What training has to know of all targets together: the sizes of the classes, or each output's mean and variation, rows by their weights.</summary>
internal sealed class TargetStatistics
{
    private readonly int[] _classSizes;
    private readonly double[] _classWeights;

    // One for each class; where targets are numbers, a single one.
    private readonly double[] _largestWeights;
    private readonly RunningMoments _moments;
    private readonly float[] _target;
    private int _rows;

    /// <param name="classCount">The number of classes, or 0 where targets are numbers.</param>
    /// <param name="outputs">Numbers a row; of no use where targets are classes.</param>
    public TargetStatistics(int classCount, int outputs)
    {
        _classSizes = new int[classCount];
        _classWeights = new double[classCount];
        _largestWeights = new double[Math.Max(1, classCount)];
        var numbers = classCount > 0 ? 0 : outputs;
        _moments = new RunningMoments(numbers);
        _target = new float[numbers];
    }

    /// <summary>(classes): how many rows each has, whatever they weigh.</summary>
    public ReadOnlySpan<int> ClassSizes => _classSizes;

    /// <summary>How many classes have rows.</summary>
    public int DistinctClasses => _classSizes.Count(size => size > 0);

    /// <summary>How many rows are of other classes than the commonest, whatever they weigh; 0 where targets are no classes.</summary>
    public int RowsOfOtherClasses => _classSizes.Length == 0 ? 0 : _rows - _classSizes.Max();

    /// <summary>The share of the rows that are of the commonest class, rows by their weights; null where the targets are numbers.</summary>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    public double? LargestClassShare(float[]? classFactors) => _classWeights.Length == 0 ? null : ClassShares(classFactors).Max();

    /// <summary>The cross-entropy in nats of a guess that knows nothing but the shares of the classes, by weights: their entropy; null where targets are no classes.</summary>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    public double? ClassEntropy(float[]? classFactors) => _classWeights.Length == 0 ? null : ClassShares(classFactors).Sum(share => share > 0 ? -share * Math.Log(share) : 0);

    /// <summary>The shares of the classes, by weights; 0 where no row weighs anything.</summary>
    private double[] ClassShares(float[]? classFactors)
    {
        var weights = Multiplied(_classWeights, classFactors);
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => total > 0 ? weight / total : 0);
    }

    /// <summary>(classes): the weights, each multiplied by the factor of its class.</summary>
    private static double[] Multiplied(double[] weights, float[]? classFactors) => [.. weights.Select((weight, index) => weight * (classFactors?[index] ?? 1))];

    /// <summary>The weights of all rows and their number, which add up over sets of rows.</summary>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    public (double Weight, int Rows) Total(float[]? classFactors) =>
        (_classWeights.Length == 0 ? _moments.Weight : Multiplied(_classWeights, classFactors).Sum(), _rows);

    /// <summary>The weight of the row that weighs most.</summary>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    public double LargestWeight(float[]? classFactors) => Multiplied(_largestWeights, classFactors).Max();

    /// <summary>(outputs): the mean target.</summary>
    public ReadOnlySpan<double> Means => _moments.Means;

    /// <summary>(outputs): the sum of (target - mean target)² times the row's weight; 0 where all are the same.</summary>
    public ReadOnlySpan<double> Variations => _moments.Variations;

    /// <summary>The smallest number among all targets; positive infinity where there is none.</summary>
    public float Lowest { get; private set; } = float.PositiveInfinity;

    /// <summary>The largest.</summary>
    public float Highest { get; private set; } = float.NegativeInfinity;

    /// <summary>The first row with the smallest number, counted from 0 over the whole data set, or over all that were taken in before where they come in pieces.</summary>
    public int RowOfLowest { get; private set; }

    /// <summary>The first row with the largest.</summary>
    public int RowOfHighest { get; private set; }

    /// <summary>Whether all targets are 0 or 1, so that they may be labels of which a row has any number.</summary>
    public bool AreLabels { get; private set; } = true;

    /// <summary>(outputs): the standard deviation of each output's targets; 0 where all are the same.</summary>
    public double[] Deviations() => Array.ConvertAll(_moments.Variations.ToArray(), variation => Math.Sqrt(variation / _moments.Weight));

    /// <summary>Takes in further rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(RowSubset rows)
    {
        var data = rows.Data;
        var before = _rows;
        _rows += rows.Count;
        foreach (var row in rows.Rows)
        {
            ref var largestWeight = ref _largestWeights[data.Class(row)];
            var weight = data.Weight(row);
            largestWeight = Math.Max(largestWeight, weight);
            if (data.IsClassification)
            {
                _classSizes[data.Class(row)]++;
                _classWeights[data.Class(row)] += weight;
                continue;
            }

            data.CopyTargets([row], _target, _target.Length);
            foreach (var target in _target)
            {
                AreLabels &= target is 0 or 1;
                if (target < Lowest)
                    (Lowest, RowOfLowest) = (target, before + row);
                if (target > Highest)
                    (Highest, RowOfHighest) = (target, before + row);
            }

            _moments.Add(_target, weight);
        }
    }
}
