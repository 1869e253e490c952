using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The loss of a batch and the gradient of its outputs, with the memory for them.</summary>
internal sealed unsafe class LossEvaluation
{
    // The cost of an output in multiply-adds of a product, by which the number of threads is chosen: it is copied three times from rows to columns or back.
    private const long MultiplyAddsPerOutput = 64;

    // A vector of the widest kind, and a cache line, holds one output of so many rows.
    private const int RowUnit = AlignedBuffer.Alignment;

    private readonly Loss _loss;
    private readonly int _outputs;
    private readonly int _stride;
    private readonly float _threshold;
    private readonly TargetScaling? _scaling;

    // Null where the loss takes targets in their own units.
    private readonly StandardizedTargets? _standardized;

    // (outputs): the divisors of targets; empty where these are not standardized.
    private readonly PinnedArray<double> _targetScales;

    // (rows), in double precision; empty unless the loss is a custom one.
    private readonly PinnedArray<double> _exactLosses;

    // (outputs x stride) each, in the units that the loss takes.
    private readonly AlignedBuffer _predictions;
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _gradient;

    // (stride) each.
    private readonly AlignedBuffer _shares;
    private readonly AlignedBuffer _losses;
    private readonly AlignedBuffer _correct;

    /// <param name="loss">The loss.</param>
    /// <param name="outputs">Outputs a row.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">Standardizes targets; null where they are learned as they are.</param>
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
        _shares = new AlignedBuffer(stride);
        _losses = new AlignedBuffer(stride);
        _correct = new AlignedBuffer(stride);
        _stride = (int)stride;
        _exactLosses = loss is CustomLoss ? new PinnedArray<double>(maxRows) : default;
        if (scaling is null)
            return;
        _targetScales = new PinnedArray<double>(outputs);
        scaling.Scales.CopyTo(_targetScales.Span);
        _standardized = loss.TakesOwnUnits ? null : new StandardizedTargets(scaling, loss, _targetScales, _stride);
    }

    /// <summary>Computes the loss of a batch and the gradient of its outputs.</summary>
    /// <param name="outputs">(rows x outputs): the network's outputs. Logits where the loss takes logits, standardized predictions where there is a scaling, otherwise predictions.</param>
    /// <param name="targets">The targets of the rows, and their weights.</param>
    /// <param name="outputGradient">(rows x outputs), or more: filled from the start with the gradient of the batch's mean loss with respect to the outputs.</param>
    /// <param name="countsCorrect">Whether the rows classified right are counted; of no use where targets are neither classes nor labels.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <returns>The batch's sums.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums Run(ReadOnlySpan<float> outputs, in BatchTargets targets, Span<float> outputGradient, bool countsCorrect, ThreadTeam? team)
    {
        var rows = outputs.Length / _outputs;
        Lengths.Check(targets.Values.Length, outputs.Length);
        outputGradient = outputGradient[..outputs.Length];
        var weights = new RowWeights(targets.Weights, rows);
        var totalWeight = weights.Total();
        weights.FillShares(totalWeight > 0 ? targets.Divisor ?? totalWeight : 0, _shares.Span);
        fixed (int* groupStarts = targets.GroupStarts)
        fixed (float* predictions = outputs, values = targets.Values, gradient = outputGradient)
        {
            var pass = Pass(rows) with { GroupStarts = groupStarts, Groups = Math.Max(1, targets.GroupStarts.Length - 1) };
            // Standardized targets are few a row as a rule, and are scaled output by output.
            var threads = _scaling is null && _loss is { IsThreadSafe: true, NeedsGroups: false } ? ThreadTeam.ThreadsFor(team, outputs.Length * MultiplyAddsPerOutput) : 1;
            var work = new RowLosses(this, pass, predictions, values, gradient, countsCorrect, targets.AreLabels, RangeShares.AtMost(threads, rows, RowUnit));
            ThreadTeam.Run(team, ref work, work.Parts);
        }

        weights.ClearWeightless(outputGradient, _outputs);

        var objective = SumOfLosses(weights);
        var loss = objective;
        if (_standardized is not null)
            (objective, loss) = _standardized.Sums(objective, weights);
        var sums = new BatchSums(objective, loss, totalWeight, loss, totalWeight, Correct: 0);
        var exampleWeights = new RowWeights(targets.ExampleWeights, rows);
        if (targets.ExampleWeights != targets.Weights)
            sums = sums with { ExampleLoss = SumOfLosses(exampleWeights), ExampleWeight = exampleWeights.Total() };
        return countsCorrect ? sums with { Correct = exampleWeights.SumOf(_correct.Span) } : sums;
    }

    /// <summary>Brings targets and predictions of a whole batch to the units that the loss takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(int rows)
    {
        if (_standardized is not null)
            _standardized.Standardize(_targets.Span, _predictions.Span, rows);
        else if (_scaling is not null)
            ToOwnUnits(_scaling, rows);
    }

    /// <summary>Turns standardized predictions into those in the targets' own units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToOwnUnits(TargetScaling scaling, int rows)
    {
        for (var output = 0; output < _outputs; output++)
        {
            foreach (ref var prediction in _predictions.Span.Slice(output * _stride, rows))
                prediction = FiniteValues.Nearest(scaling.ToPrediction(prediction, output));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LossPass Pass(int rows) => new(
        _outputs, rows, _stride, _predictions.Pointer, _targets.Pointer, _shares.Pointer, _gradient.Pointer, _losses.Pointer)
    {
        TargetScales = _targetScales.Pointer,
        OutputLosses = _standardized?.OutputLosses is { } outputLosses ? outputLosses.Pointer : null,
        ExactLosses = _exactLosses.Pointer,
    };

    /// <summary>The rows of a thread: their losses, the gradients of their outputs, and which of them are classified right.</summary>
    private readonly struct RowLosses(
        LossEvaluation evaluation, LossPass pass, float* outputs, float* targets, float* outputGradient, bool countsCorrect, bool areLabels, RangeShares shares) : ITeamWork
    {
        public int Parts => shares.Parts;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var (first, end) = shares[part];
            Transposition.ToColumns(outputs, pass.Outputs, pass.Predictions, pass.Stride, first, end);
            Transposition.ToColumns(targets, pass.Outputs, pass.Targets, pass.Stride, first, end);
            if (parts == 1)
                evaluation.Scale(pass.Rows);
            var own = pass with { Part = (first, end) };
            evaluation._loss.Evaluate(in own);
            Transposition.ToRows(pass.Gradient, pass.Stride, pass.Outputs, outputGradient, first, end);
            if (!countsCorrect)
                return;
            if (areLabels)
                Accuracy.EvaluateLabels(in own, evaluation._threshold, evaluation._correct.Pointer);
            else
                Accuracy.Evaluate(in own, evaluation._threshold, evaluation._correct.Pointer);
        }
    }

    /// <summary>The rows' losses as the loss gave them, each times its weight.</summary>
    private double SumOfLosses(RowWeights weights) => _exactLosses.Length == 0 ? weights.SumOf((ReadOnlySpan<float>)_losses.Span) : weights.SumOf((ReadOnlySpan<double>)_exactLosses.Span);
}
