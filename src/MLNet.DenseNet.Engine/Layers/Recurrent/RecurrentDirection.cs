using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// A recurrent layer in one direction over its sequences. The sums of the inputs of all steps are one product. Then each thread takes some rows of the batch through all steps by itself, since rows do not depend
/// on one another. Backwards, it takes them through the steps in reverse. The gradients of the weights are products over all steps.
/// </summary>
/// <remarks>Backpropagation through time: Werbos (1990). One mask for all steps: Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks" (2016), here for inputs alone.</remarks>
internal sealed unsafe class RecurrentDirection
{
    // About what the gates of a unit take, by which the number of threads is chosen.
    private const int MultiplyAddsPerSum = 40;

    // The rows that a thread takes through all steps at prediction: enough for products to run at full speed.
    private const int RowsAtOnce = 32;

    // The masks of both directions come from one stream, in which each has this many positions.
    private const ulong MaskPositions = 1UL << 40;

    private readonly RecurrentSizes _sizes;
    private readonly SequenceView _input;
    private readonly SequenceView _output;
    private readonly DropoutMask _mask;
    private readonly WeightedSums _sums;
    private readonly Parameter _recurrentWeights;
    private readonly Parameter? _recurrentBias;

    /// <param name="layer">What goes over the sequences.</param>
    /// <param name="place">Its place, or that of the bidirectional layer that it is a part of.</param>
    /// <param name="direction">0, or 1 for the second direction of a bidirectional layer, which begins at the last step.</param>
    public RecurrentDirection(SequenceLayer layer, NetworkLayer place, int direction)
    {
        _sizes = layer.SizesOn(place.InputShape);
        var first = direction * SequenceLayer.ParameterCount(_sizes.Cell);
        _sums = new WeightedSums(place.Parameter(first + SequenceLayer.Weights), place.Parameter(first + SequenceLayer.Bias));
        _recurrentWeights = place.Parameter(first + SequenceLayer.RecurrentWeights);
        _recurrentBias = _sizes.Cell.HasRecurrentSums ? place.Parameter(first + SequenceLayer.RecurrentBias) : null;
        _mask = new DropoutMask(layer.DropoutRate, place.Stream, (ulong)direction * MaskPositions);
        _input = new SequenceView(_sizes.Steps, _sizes.Channels, _sizes.Channels, First: 0, IsReversed: direction == 1);
        _output = new SequenceView(layer.ReturnSequences ? _sizes.Steps : 1, _sizes.Units, place.OutputShape.Dimensions[^1], direction * _sizes.Units, IsReversed: direction == 1);
    }

    /// <summary>z = x W + b for all steps at once; then, step by step, z += h' U and the gates.</summary>
    /// <param name="pass">The pass of the layer.</param>
    /// <param name="cache">This direction's part of it; empty at prediction.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(in ForwardPass pass, Span<float> cache)
    {
        fixed (float* kept = cache, scratch = pass.Scratch, output = pass.Output)
        {
            // At prediction rows go through in blocks whose sums of all steps stay near in the caches. In training all of them are kept.
            var most = cache.IsEmpty ? RowsAtOnce * (pass.Team?.ActiveThreads ?? 1) : pass.Rows;
            for (var first = 0; first < pass.Rows; first += most)
            {
                var rows = Math.Min(most, pass.Rows - first);
                var memory = RecurrentMemory.OfForward(in _sizes, rows, cache.IsEmpty ? null : kept, scratch);
                var mask = pass.Training is { } step && _mask.Drops(step) ? Mask(step, memory.Mask, rows, pass.Team) : null;
                Forward(pass.Input.Slice(first, rows), mask, in memory, output + _output.At(first, 0) - _output.At(0, 0), pass.Saturates, pass.Team);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(MatrixRows input, float* mask, in RecurrentMemory memory, float* output, bool saturates, ThreadTeam? team)
    {
        var all = _sizes.Steps * input.Rows;
        var shares = Shares(input.Rows, team);
        _input.ToTimeMajor(input, mask, memory.Inputs, shares, team);
        InputRows x = new MatrixRows(memory.Inputs, all, _sizes.Channels);
        _sums.Forward(in x, new Span<float>(memory.Sums, all * _sizes.Sums), new SaturatingSums(memory.Sums, _sizes.Sums, saturates), team);
        shares.Run(new ForwardSteps(this, in memory, output, saturates), team);
    }

    /// <summary>From the last step to the first: the gradients of the gates' sums, and dh' = dz Uᵀ. Then dW = xᵀ dz, db = Σ dz, dx = dz Wᵀ and dU = h'ᵀ dz over all steps.</summary>
    /// <param name="pass">The pass of the layer.</param>
    /// <param name="cache">This direction's part of it.</param>
    /// <param name="addsInputGradient">Whether the input gradient is added to that of another direction.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(in BackwardPass pass, ReadOnlySpan<float> cache, bool addsInputGradient)
    {
        var (rows, all) = (pass.Rows, _sizes.Steps * pass.Rows);
        fixed (float* kept = cache, scratch = pass.Scratch, outputGradient = pass.OutputGradient, inputGradient = pass.InputGradient)
        {
            var memory = RecurrentMemory.OfBackward(in _sizes, rows, kept, scratch);
            var shares = Shares(rows, pass.Team);
            TransposeWeights(memory.TransposedWeights, pass.Team);
            shares.Run(new BackwardSteps(this, in memory, outputGradient), pass.Team);

            InputRows x = new MatrixRows(memory.Inputs, all, _sizes.Channels);
            Span<float> dx = pass.InputGradient.IsEmpty ? [] : new Span<float>(memory.InputGradient, all * _sizes.Channels);
            _sums.Backward(in x, new Span<float>(memory.SumGradient, all * _sizes.Sums), dx, pass.Gradients, fusedUpdate: null, default(NoWork), pass.Team);
            BackwardRecurrentWeights(in memory, rows, pass.Gradients, pass.Team);
            if (!dx.IsEmpty)
                _input.FromTimeMajor(memory.InputGradient, _mask.Drops(pass.Training) ? Mask(pass.Training, memory.Mask, rows, pass.Team) : null, inputGradient, addsInputGradient, shares, pass.Team);
        }
    }

    /// <summary>dU = h'ᵀ dz, without the first step, before which the state is 0; of all steps db' = Σ dz.</summary>
    private void BackwardRecurrentWeights(in RecurrentMemory memory, int rows, Gradients gradients, ThreadTeam? team)
    {
        var later = (_sizes.Steps - 1) * rows;
        var shares = MatrixProduct.Shares(_sizes.Units, later, _sizes.Sums, team);
        var states = new MatrixRows(memory.States, later, _sizes.Units);
        var dz = new Span<float>(memory.RecurrentSumGradient + (nint)rows * _sizes.Sums, later * _sizes.Sums);
        var du = _recurrentWeights.In(gradients.Values);
        gradients.Note(_recurrentWeights, in shares);
        if (_recurrentBias is null)
        {
            MatrixProduct.MultiplyTransposedLeft(states, dz, du, _sizes.Sums, in shares, default(NoWork), team);
            return;
        }

        gradients.Note(_recurrentBias, shares.OfColumns(1));
        fixed (float* db = _recurrentBias.In(gradients.Values))
            MatrixProduct.MultiplyTransposedLeft(states, dz, du, _sizes.Sums, in shares, new BiasGradient(memory.RecurrentSumGradient, db, _sizes.Steps * rows, _sizes.Sums), team);
    }

    private RangeShares Shares(int rows, ThreadTeam? team) =>
        RangeShares.For(team, (long)_sizes.Steps * rows * _sizes.Sums * (_sizes.Units + MultiplyAddsPerSum), rows, MicroKernel.Rows);

    /// <summary>Draws what each input of a step is multiplied by, in all steps alike.</summary>
    private float* Mask(TrainingStep step, float* factors, int rows, ThreadTeam? team)
    {
        var mask = new Span<float>(factors, rows * _sizes.Channels);
        mask.Fill(1);
        _mask.Apply(step, mask, mask, team);
        return factors;
    }

    private void TransposeWeights(float* transposed, ThreadTeam? team)
    {
        RangeShares.For(team, (long)_sizes.Units * _sizes.Sums, _sizes.Units, PanelLayout.Width).Run(
            new Transposing(new MatrixColumns(_recurrentWeights.Pointer, _sizes.Units, _sizes.Sums, isInPanels: true), transposed, _sizes.Units, _sizes.Sums), team);
    }

    /// <summary>h' U for some rows: added to the sums, or by itself, with its bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyState(in RecurrentStep step)
    {
        var (units, sums) = (_sizes.Units, _sizes.Sums);
        if (_recurrentBias is null && step.PreviousState == null)
            return;
        // Before the first step there is no state: sums without terms are what they start from.
        var inner = step.PreviousState == null ? 0 : units;
        var weights = new MatrixColumns(_recurrentWeights.Pointer, inner, sums, isInPanels: true);
        var result = new MatrixColumns(_recurrentBias is null ? step.Sums : step.RecurrentSums, step.Rows, sums, isInPanels: false);
        new MacroKernel(
            new MatrixRows(step.PreviousState, step.Rows, inner), isATransposed: false, weights, isBTransposed: false,
            _recurrentBias is null ? null : _recurrentBias.Pointer, result, adds: _recurrentBias is null).Do(MatrixPart.Whole(step.Rows, sums));
    }

    private readonly struct ForwardSteps(RecurrentDirection direction, in RecurrentMemory memory, float* output, bool saturates) : IRangeWork
    {
        private readonly RecurrentMemory _memory = memory;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int first, int end)
        {
            var (sizes, view) = (direction._sizes, direction._output);
            for (var index = 0; index < sizes.Steps; index++)
            {
                var step = _memory.At(index, first, end);
                direction.MultiplyState(in step);
                if (saturates)
                    Saturation.Run(sizes.RecurrentSums == 0 ? step.Sums : step.RecurrentSums, sizes.Sums, MatrixPart.Whole(step.Rows, sizes.Sums));
                sizes.Cell.Forward(in step);
                // Either all steps are the output, or the last one.
                var outputStep = index - (sizes.Steps - view.Steps);
                for (var row = first; row < end && outputStep >= 0; row++)
                    new Span<float>(step.State + (nint)(row - first) * sizes.Units, sizes.Units).CopyTo(new Span<float>(output + view.At(row, outputStep), sizes.Units));
            }
        }
    }

    private readonly struct BackwardSteps(RecurrentDirection direction, in RecurrentMemory memory, float* outputGradient) : IRangeWork
    {
        private readonly RecurrentMemory _memory = memory;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int first, int end)
        {
            var (sizes, view) = (direction._sizes, direction._output);
            var last = _memory.At(sizes.Steps - 1, first, end);
            new Span<float>(last.StateGradient, last.Rows * sizes.Units).Clear();
            new Span<float>(last.CarriedGradient, last.Rows * sizes.Units).Clear();
            var transposed = new MatrixColumns(_memory.TransposedWeights, sizes.Sums, sizes.Units, isInPanels: true);
            var stateGradient = new MatrixColumns(last.StateGradient, last.Rows, sizes.Units, isInPanels: false);
            for (var index = sizes.Steps - 1; index >= 0; index--)
            {
                var step = _memory.At(index, first, end);
                var outputStep = index - (sizes.Steps - view.Steps);
                for (var row = first; row < end && outputStep >= 0; row++)
                    Elementwise.Run(new SequenceView.Sum(outputGradient + view.At(row, outputStep), step.StateGradient + (nint)(row - first) * sizes.Units), sizes.Units);
                sizes.Cell.Backward(in step);
                if (index > 0)
                {
                    new MacroKernel(
                        new MatrixRows(step.RecurrentSumGradient, step.Rows, sizes.Sums), isATransposed: false, transposed, isBTransposed: false, null, stateGradient, adds: true)
                        .Do(MatrixPart.Whole(step.Rows, sizes.Units));
                }
            }
        }
    }

    private readonly struct Transposing(MatrixColumns weights, float* transposed, int units, int sums) : IRangeWork
    {
        public void Do(int first, int end) => MatrixPacking.TransposedPanels(weights, transposed, sums, units, first, end);
    }

    /// <summary>Sums up columns: db' = Σ dz.</summary>
    private readonly struct BiasGradient(float* dz, float* db, int rows, int columns) : IPartWork
    {
        public void Do(MatrixPart part) => ColumnSums.Run(dz, db, columns, part with { FirstRow = 0, EndRow = rows });
    }
}
