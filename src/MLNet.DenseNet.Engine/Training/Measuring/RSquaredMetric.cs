using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The coefficient of determination of predictions: 1 - sum of (prediction - target)² / sum of (target - mean target)², rows by their weights. Of several
/// outputs the mean, as scikit-learn's r2_score; outputs whose targets are all the same have none and are left out.
/// </summary>
internal sealed class RSquaredMetric
{
    // Of the rows' own targets, and of those that were added.
    private readonly double[] _variationOfRows;
    private readonly double[] _variation;
    private readonly double[] _errors;

    // Of the targets that were added, where those are mixtures: West (1979), as TargetStatistics.
    private readonly double[]? _means;
    private readonly TargetScaling? _scaling;
    private double _weight;

    /// <param name="targets">Of all rows that an epoch adds.</param>
    /// <param name="mixesTargets">Whether the targets that are added are mixtures of them, which vary less.</param>
    /// <param name="scaling">From what is added to predictions; null where it is them.</param>
    public RSquaredMetric(TargetStatistics targets, bool mixesTargets = false, TargetScaling? scaling = null)
    {
        _scaling = scaling;
        _variationOfRows = targets.Variations.ToArray();
        _variation = mixesTargets ? new double[_variationOfRows.Length] : _variationOfRows;
        _errors = new double[_variation.Length];
        _means = mixesTargets ? new double[_variation.Length] : null;
    }

    /// <summary>Of all rows added since the latest <see cref="Clear"/>; null where no output's targets differ.</summary>
    public double? Value
    {
        get
        {
            var (sum, count) = (0.0, 0);
            for (var j = 0; j < _variation.Length; j++)
            {
                // Mixtures of the same number differ by their rounding.
                if (_variationOfRows[j] > 0 && _variation[j] > 0)
                {
                    sum += 1 - _errors[j] / _variation[j];
                    count++;
                }
            }

            return count > 0 ? sum / count : null;
        }
    }

    public void Clear()
    {
        Array.Clear(_errors);
        if (_means is null)
            return;
        Array.Clear(_means);
        Array.Clear(_variation);
        _weight = 0;
    }

    /// <param name="predictions">(rows x outputs).</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="weights">(rows), or empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        if (_errors.Length == 1 && weights.IsEmpty && _means is null && _scaling is null)
        {
            _errors[0] += SumOfSquares.OfDifferences(predictions, targets);
            return;
        }

        for (var row = 0; row < predictions.Length / _errors.Length; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            // A prediction that overflows must not count where its row does not.
            if (weight == 0)
                continue;
            _weight += weight;
            for (var output = 0; output < _errors.Length; output++)
            {
                var target = targets[row * _errors.Length + output];
                var prediction = predictions[row * _errors.Length + output];
                var error = (_scaling is null ? prediction : _scaling.ToPrediction(prediction, output)) - target;
                _errors[output] += weight * error * error;
                if (_means is null)
                    continue;
                var difference = target - _means[output];
                _means[output] += difference * (weight / _weight);
                _variation[output] += weight * difference * (target - _means[output]);
            }
        }
    }
}
