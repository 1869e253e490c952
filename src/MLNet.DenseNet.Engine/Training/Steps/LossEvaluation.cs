using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The loss of a batch and the gradient of its outputs, with the memory for them.</summary>
internal sealed unsafe class LossEvaluation
{
    private readonly Loss _loss;
    private readonly int _outputs;
    private readonly int _stride;
    private readonly float _threshold;

    // Null where targets are as they come.
    private readonly TargetScaling? _scaling;

    // (outputs): what targets were divided by, which is the scaling's, or of a target that was always the same in training the largest deviation from it in the batch;
    // of standardized targets of several outputs their losses, (outputs x stride); of a user's own loss (rows).
    private readonly PinnedArray<double> _targetScales;
    private readonly AlignedBuffer? _outputLosses;
    private readonly PinnedArray<double> _exactLosses;

    // Each (outputs x stride), see LossPass.
    private readonly AlignedBuffer _predictions;
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _gradient;

    // Each (stride).
    private readonly AlignedBuffer _scales;
    private readonly AlignedBuffer _losses;

    /// <param name="loss">The loss.</param>
    /// <param name="outputs">Outputs a row.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">What standardizes targets; null where they are as they come.</param>
    public LossEvaluation(Loss loss, int outputs, int maxRows, TargetScaling? scaling)
    {
        _loss = loss;
        _scaling = scaling;
        _outputs = outputs;
        _threshold = Accuracy.Threshold(loss);
        var stride = AlignedBuffer.RoundUp(maxRows);
        var size = outputs * stride;
        _predictions = new AlignedBuffer(size);
        _targets = new AlignedBuffer(size);
        _gradient = new AlignedBuffer(size);
        _scales = new AlignedBuffer(stride);
        _losses = new AlignedBuffer(stride);
        _stride = (int)stride;
        _exactLosses = loss is CustomLoss ? new PinnedArray<double>(maxRows) : default;
        if (scaling is null)
            return;
        _targetScales = new PinnedArray<double>(outputs);
        scaling.Scales.CopyTo(_targetScales.Span);
        _outputLosses = StandardizesTargets && outputs > 1 ? new AlignedBuffer(size) : null;
    }

    /// <summary>Whether the loss is that of standardized targets; a user's own sees targets and predictions in their own units.</summary>
    public bool StandardizesTargets => _scaling is not null && _loss is not CustomLoss;

    /// <summary>Whether the rows classified right are counted; of no use where targets are not classes.</summary>
    public bool CountsCorrect { get; set; } = true;

    /// <param name="predictions">(rows x outputs): what the network put out, which stands for predictions where there is a scaling.</param>
    /// <param name="targets">What they should be.</param>
    /// <param name="gradient">(rows x outputs) at its start, to be filled with the gradient of the batch's mean loss.</param>
    /// <returns>The batch's sums.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums Run(ReadOnlySpan<float> predictions, in BatchTargets targets, Span<float> gradient)
    {
        var weights = targets.Weights;
        var rows = predictions.Length / _outputs;
        SideBySide(predictions, _predictions.Pointer, rows);
        SideBySide(targets.Values, _targets.Pointer, rows);
        if (_scaling is not null)
            Scale(_scaling, rows);
        var totalWeight = Total(weights, rows);
        FillScales(weights, rows, totalWeight > 0 ? targets.Divisor ?? totalWeight : 0);
        var pass = new LossPass(
            _outputs, rows, _stride, _predictions.Pointer, _targets.Pointer, _scales.Pointer, _gradient.Pointer, _losses.Pointer)
        {
            TargetScales = _targetScales.Pointer,
            OutputLosses = _outputLosses is null ? null : _outputLosses.Pointer,
            ExactLosses = _exactLosses.Pointer,
        };
        _loss.Evaluate(in pass);
        CopyGradient(weights, gradient, rows);
        var objective = SumOfLosses(weights, rows);
        var loss = objective;
        if (StandardizesTargets)
            (objective, loss) = InOwnUnits(objective, weights, rows);
        var sums = new BatchSums(objective, loss, totalWeight, loss, totalWeight, Correct: 0);
        if (targets.ExampleWeights != weights)
            sums = sums with { ExampleLoss = SumOfLosses(targets.ExampleWeights, rows), ExampleWeight = Total(targets.ExampleWeights, rows) };
        if (!CountsCorrect)
            return sums;
        Accuracy.Evaluate(in pass, _threshold);
        return sums with { Correct = Sum(_losses.Span, targets.ExampleWeights, rows) };
    }

    /// <summary>Standardizes the targets, or makes outputs predictions for a loss that sees them in their own units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(TargetScaling scaling, int rows)
    {
        for (var output = 0; output < _outputs; output++)
        {
            var predictions = _predictions.Span.Slice(output * _stride, rows);
            var targets = _targets.Span.Slice(output * _stride, rows);
            if (!StandardizesTargets)
            {
                for (var row = 0; row < rows; row++)
                    predictions[row] = FiniteValues.Nearest(scaling.ToPrediction(predictions[row], output));
                continue;
            }

            if (scaling.Scales[output] == 0)
            {
                // What is always the same is predicted exactly, whatever the network puts out.
                predictions.Clear();
                _targetScales[output] = scaling.StandardizeConstant(targets, output);
                continue;
            }

            for (var row = 0; row < rows; row++)
                targets[row] = scaling.Standardize(targets[row], output);
        }
    }

    /// <summary>What training makes small, and the rows' losses in the targets' own units, each times its weight, from those of standardized targets.</summary>
    /// <remarks>What was always the same in training may differ in rows to measure with: that is told, but nothing learned could change it, so it does not decide.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Objective, double Loss) InOwnUnits(double objective, ReadOnlySpan<float> weights, int rows)
    {
        if (_outputLosses is null)
            return (_scaling!.Scales[0] == 0 ? 0 : objective, objective * Unit(0));
        double learned = 0, constant = 0, sum = 0;
        for (var output = 0; output < _outputs; output++)
        {
            var loss = Sum(_outputLosses.Span[(output * _stride)..], weights, rows);
            sum += Unit(output) * loss;
            if (_scaling!.Scales[output] == 0)
                constant += loss;
            else
                learned += loss / _outputs;
        }

        return (constant == 0 ? objective : learned, sum);
    }

    /// <summary>From the loss of an output's standardized targets to its share of the loss of its own, see <see cref="Loss.GradientScale"/>.</summary>
    private double Unit(int output) => _targetScales[output] * _loss.GradientScale(_targetScales[output]) / _outputs;

    /// <summary>From (rows x outputs) to (outputs x stride).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SideBySide(ReadOnlySpan<float> source, float* destination, int rows)
    {
        if (_outputs == 1)
        {
            source.CopyTo(new Span<float>(destination, rows));
            return;
        }

        fixed (float* from = source)
        {
            var next = from;
            for (var row = 0; row < rows; row++)
            {
                var to = destination + row;
                for (var j = 0; j < _outputs; j++, to += _stride)
                    *to = *next++;
            }
        }
    }

    /// <summary>And back; a row that weighs nothing has no gradient, even where its loss overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyGradient(ReadOnlySpan<float> weights, Span<float> gradient, int rows)
    {
        fixed (float* first = gradient)
        {
            var to = first;
            for (var row = 0; row < rows; row++)
            {
                var from = _gradient.Pointer + row;
                for (var j = 0; j < _outputs; j++, from += _stride)
                    *to++ = *from;
            }
        }

        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] == 0)
                gradient.Slice(row * _outputs, _outputs).Clear();
        }
    }

    /// <summary>Each row's share in the batch. A batch in which no row weighs anything has no gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillScales(ReadOnlySpan<float> weights, int rows, double divisor)
    {
        var share = divisor > 0 ? 1 / divisor : 0;
        var scales = _scales.Span[..rows];
        if (weights.IsEmpty)
        {
            scales.Fill((float)share);
        }
        else
        {
            for (var row = 0; row < rows; row++)
                scales[row] = (float)(weights[row] * share);
        }
    }

    /// <returns>The weight of all rows; their number where they have none.</returns>
    private static double Total(ReadOnlySpan<float> weights, int rows)
    {
        if (weights.IsEmpty)
            return rows;
        double total = 0;
        foreach (var weight in weights)
            total += weight;
        return total;
    }

    /// <summary>The rows' losses as the loss gave them, each times its weight.</summary>
    private double SumOfLosses(ReadOnlySpan<float> weights, int rows) => _exactLosses.Length == 0 ? Sum(_losses.Span, weights, rows) : Sum((ReadOnlySpan<double>)_exactLosses.Span, weights, rows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int rows)
    {
        values = values[..rows];
        double sum = 0;
        if (weights.IsEmpty)
        {
            foreach (var value in values)
                sum += value;
        }
        else
        {
            for (var row = 0; row < rows; row++)
                sum += weights[row] == 0 ? 0 : (double)weights[row] * values[row];
        }

        return sum;
    }

    private static double Sum(ReadOnlySpan<double> values, ReadOnlySpan<float> weights, int rows)
    {
        double sum = 0;
        for (var row = 0; row < rows; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            sum += weight == 0 ? 0 : weight * values[row];
        }

        return sum;
    }
}
