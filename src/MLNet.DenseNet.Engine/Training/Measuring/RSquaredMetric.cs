using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The coefficient of determination of predictions: 1 - sum of (prediction - target)² / sum of (target - mean target)², rows by their weights. Of several
/// outputs the mean, as scikit-learn's r2_score; outputs whose targets are all the same have none and are left out.
/// </summary>
internal sealed class RSquaredMetric
{
    // (outputs), of the rows' own targets.
    private readonly double[] _variations;

    // Of the targets that were added, where these are mixtures; otherwise null.
    private readonly RunningMoments? _mixtures;

    // (outputs): the sums of squared errors.
    private readonly double[] _errors;
    private readonly TargetScaling? _scaling;
    private readonly bool _takesLogarithms;

    /// <param name="targets">The targets of all rows of an epoch.</param>
    /// <param name="mixesTargets">Whether the targets that are added are mixtures of those, which vary less.</param>
    /// <param name="scaling">Turns outputs that are added into predictions; null where they are predictions.</param>
    /// <param name="takesLogarithms">Whether outputs that are added are logarithms of predictions.</param>
    public RSquaredMetric(TargetStatistics targets, bool mixesTargets, TargetScaling? scaling, bool takesLogarithms)
    {
        _takesLogarithms = takesLogarithms;
        _scaling = scaling;
        _variations = targets.Variations.ToArray();
        _mixtures = mixesTargets ? new RunningMoments(_variations.Length) : null;
        _errors = new double[_variations.Length];
    }

    /// <summary>Of all rows added since the latest <see cref="Clear"/>; null where no output's targets differ.</summary>
    public double? Value
    {
        get
        {
            var (sum, count) = (0.0, 0);
            for (var j = 0; j < _errors.Length; j++)
            {
                var variation = _mixtures is null ? _variations[j] : _mixtures.Variations[j];
                // Both are checked, since mixtures of equal targets still differ by rounding.
                if (_variations[j] > 0 && variation > 0)
                {
                    sum += 1 - _errors[j] / variation;
                    count++;
                }
            }

            return count > 0 ? sum / count : null;
        }
    }

    public void Clear()
    {
        Array.Clear(_errors);
        _mixtures?.Clear();
    }

    /// <param name="outputs">(rows x outputs): predictions, or what the scaling turns into them.</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="weights">(rows), or empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        var count = _errors.Length;
        if (count == 1 && weights.IsEmpty && _mixtures is null && _scaling is null && !_takesLogarithms)
        {
            _errors[0] += SumOfSquares.OfDifferences(outputs, targets);
            return;
        }

        for (var row = 0; row < outputs.Length / count; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            // A row that weighs nothing must not count, even where its prediction overflows.
            if (weight == 0)
                continue;
            for (var output = 0; output < count; output++)
            {
                var value = outputs[row * count + output];
                var error = ToPrediction(value, output) - targets[row * count + output];
                _errors[output] += weight * error * error;
            }

            _mixtures?.Add(targets.Slice(row * count, count), weight);
        }
    }

    private double ToPrediction(float value, int output) =>
        _takesLogarithms ? LogLink.Mean(value) : _scaling?.ToPrediction(value, output) ?? value;
}
