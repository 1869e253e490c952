using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The coefficient of determination of predictions: 1 - sum of (prediction - target)² / sum of (target - mean target)², rows by their weights. Of several
/// outputs the mean, as scikit-learn's r2_score; outputs whose targets are all the same have none and are left out.
/// </summary>
internal sealed class RSquaredMetric
{
    private readonly double[] _variation;
    private readonly double[] _errors;

    /// <param name="targets">Of all rows that an epoch adds.</param>
    public RSquaredMetric(TargetStatistics targets)
    {
        _variation = targets.Variations.ToArray();
        _errors = new double[_variation.Length];
    }

    /// <summary>Of all rows added since the latest <see cref="Clear"/>; null where no output's targets differ.</summary>
    public double? Value
    {
        get
        {
            var (sum, count) = (0.0, 0);
            for (var j = 0; j < _variation.Length; j++)
            {
                if (_variation[j] > 0)
                {
                    sum += 1 - _errors[j] / _variation[j];
                    count++;
                }
            }

            return count > 0 ? sum / count : null;
        }
    }

    public void Clear() => Array.Clear(_errors);

    /// <param name="predictions">(rows x outputs).</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="weights">(rows), or empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        if (_errors.Length == 1 && weights.IsEmpty)
        {
            _errors[0] += SumOfSquares.OfDifferences(predictions, targets);
            return;
        }

        var (row, output) = (0, 0);
        for (var i = 0; i < predictions.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            var error = (double)predictions[i] - targets[i];
            // A prediction that overflows must not count where its row does not.
            _errors[output] += weight == 0 ? 0 : weight * error * error;
            if (++output == _errors.Length)
                (row, output) = (row + 1, 0);
        }
    }
}
