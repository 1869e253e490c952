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
    public LossEvaluation(Loss loss, int outputs, int maxRows)
    {
        _loss = loss;
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
    }

    /// <summary>Whether the rows classified right are counted; of no use where targets are not classes.</summary>
    public bool CountsCorrect { get; set; } = true;

    /// <param name="predictions">(rows x outputs).</param>
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
        var totalWeight = Total(weights, rows);
        FillScales(weights, rows, totalWeight > 0 ? targets.Divisor ?? totalWeight : 0);
        var pass = new LossPass(
            _outputs, rows, _stride, _predictions.Pointer, _targets.Pointer, _scales.Pointer, _gradient.Pointer, _losses.Pointer);
        _loss.Evaluate(in pass);
        CopyGradient(weights, gradient, rows);
        var loss = Sum(weights, rows);
        var sums = targets.CountWeights == weights
            ? new BatchSums(loss, totalWeight, loss, totalWeight, Correct: 0)
            : new BatchSums(loss, totalWeight, Sum(targets.CountWeights, rows), Total(targets.CountWeights, rows), Correct: 0);
        if (!CountsCorrect)
            return sums;
        Accuracy.Evaluate(in pass, _threshold);
        return sums with { Correct = Sum(targets.CountWeights, rows) };
    }

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum(ReadOnlySpan<float> weights, int rows)
    {
        var values = _losses.Span[..rows];
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
}
