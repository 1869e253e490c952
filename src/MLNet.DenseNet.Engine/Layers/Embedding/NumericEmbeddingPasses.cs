using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>y[j] = f[j] x[j]; y[j, u] = f[j] times the function u of number j at x[j]; all other inputs go through. See <see cref="NumericEmbeddingLayer"/>.</summary>
internal sealed unsafe class NumericEmbeddingPasses(NumericEmbeddingLayer kind, NetworkLayer layer) : LayerPasses
{
    /// <summary>What the forward pass keeps of a number: its bin, and the share of the bin below it.</summary>
    public const int PositionLength = 2;

    // The cost of a number in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerNumber = 256;

    private readonly EmbeddedNumbers _numbers = kind.NumbersOf(layer.InputShape);
    private readonly Parameter _edges = layer.Parameter(NumericEmbeddingLayer.Edges);
    private readonly Parameter _weights = layer.Parameter(NumericEmbeddingLayer.Weights);
    private readonly Parameter? _scales = kind.HasScales ? layer.Parameter(NumericEmbeddingLayer.Scales) : null;

    // Inputs that only go through, such as indicators of categories, teach this layer nothing.
    private readonly bool[] _unread = Unread(kind.NumbersOf(layer.InputShape));

    // The edges row by row, and the functions at each of them. Several threads may predict at once, and may compute them at once.
    private readonly DerivedValues _rowMajorEdges = new(layer.Parameter(NumericEmbeddingLayer.Edges));
    private readonly DerivedValues _tables = new(layer.Parameter(NumericEmbeddingLayer.Weights));

    public override ReadOnlySpan<bool> UnreadGradient => _unread;

    /// <summary>What a number and its functions are multiplied by.</summary>
    /// <param name="rate">The scale rate.</param>
    /// <param name="scale">The scale of the number.</param>
    public static float FactorOf(float rate, float scale) => MathF.FusedMultiplyAdd(rate, scale, 1);

    private PiecewiseLinear Functions(float* edges, float* tables) => new(edges, _weights.Pointer, tables, kind.Bins, kind.Units);

    private NumberScales NewScales(bool saturates) => new(kind.ScaleRate, _scales is null ? null : _scales.Pointer, saturates);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in ForwardPass pass)
    {
        Lengths.Check(pass.Output.Length, (long)pass.Rows * _numbers.RowLength);
        var inputs = pass.Input;
        for (var row = 0; row < pass.Rows; row++)
            new ReadOnlySpan<float>(inputs.Start(row), _numbers.Inputs).CopyTo(pass.Output.Slice(row * _numbers.RowLength, _numbers.Inputs));
        // In training, the functions are other ones after each step.
        var keeps = pass.Training is null && !pass.Saturates;
        var threads = ThreadTeam.ThreadsFor(pass.Team, (long)pass.Rows * _numbers.Count * MultiplyAddsPerNumber);
        fixed (float* edges = RowMajorEdges(), tables = keeps ? Tables() : pass.Scratch, y = pass.Output, positions = pass.Cache)
        {
            var outputs = new FunctionOutputs(y, _numbers, positions, pass.Rows, Functions(edges, tables), NewScales(pass.Saturates), pass.Saturates);
            var shares = RangeShares.AtMost(threads, keeps ? pass.Rows : _numbers.Count);
            if (keeps)
                shares.Run(new RowOutputs(outputs), pass.Team);
            else
                shares.Run(new NumberOutputs(outputs), pass.Team);
        }
    }

    private static bool[] Unread(EmbeddedNumbers numbers)
    {
        var unread = new bool[(numbers.RowLength + PanelLayout.UnreadUnit - 1) / PanelLayout.UnreadUnit];
        unread.AsSpan(0, numbers.Inputs / PanelLayout.UnreadUnit).Fill(true);
        for (var number = 0; number < numbers.Count; number++)
            unread[numbers.Own(number) / PanelLayout.UnreadUnit] = false;
        return unread;
    }

    private float[] RowMajorEdges() => _rowMajorEdges.Latest ?? _rowMajorEdges.Compute(edges => PanelLayout.ToRowMajor(_edges.Elements, edges, kind.Bins + 1), _edges.Shape.Size);

    /// <summary>For a single row, to sum up the functions would take longer than all else.</summary>
    private float[] Tables() => _tables.Latest ?? _tables.Compute(Tabulate, _numbers.Count * (kind.Bins + 1) * kind.Units);

    private void Tabulate(float[] tables)
    {
        fixed (float* values = tables)
            Functions(null, values).Tabulate(0, _numbers.Count, saturates: false);
    }

    /// <summary>
    /// With the factor f[j] = 1 + r s[j] of a number, or 1: dW[j, b, u] = f[j] Σ over rows of dy[j, u] p[b]; dx[j] = f[j] (its own dy + Σ over units of dy[j, u] times the slope of the function there);
    /// ds[j] = r (Σ over rows of x[j] times its own dy + Σ over bins and units of W[j, b, u] times what dW would be with a factor of 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in BackwardPass pass)
    {
        Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _numbers.RowLength);
        var threads = ThreadTeam.ThreadsFor(pass.Team, (long)pass.Rows * _numbers.Count * MultiplyAddsPerNumber);
        var shares = RangeShares.AtMost(threads, _numbers.Count);
        pass.Gradients.Note(_weights, new WorkShares(new RangeShares(_weights.Rows, kind.Bins, shares.Parts), new RangeShares(kind.Units, PanelLayout.Width, 1)));
        fixed (float* edges = RowMajorEdges(), tables = pass.Scratch, positions = pass.Cache, dy = pass.OutputGradient, dx = pass.InputGradient, dw = _weights.In(pass.Gradients.Values))
        fixed (float* ds = _scales is null ? default : pass.Gradients.Fill(_scales))
        {
            for (var row = 0; row < pass.Rows && dx != null; row++)
                new Span<float>(dy + (nint)row * _numbers.RowLength, _numbers.Inputs).CopyTo(new Span<float>(dx + (nint)row * _numbers.Inputs, _numbers.Inputs));
            shares.Run(new ColumnGradients(pass.Input, positions, dy, dx, dw, ds, Functions(edges, tables), NewScales(saturates: false), _numbers), pass.Team);
        }
    }

    private static float Limited(float value) => Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>What numbers and their functions are multiplied by.</summary>
    /// <param name="rate">The scale rate.</param>
    /// <param name="scales">(numbers); null for none.</param>
    /// <param name="saturates">Whether factors are limited to the largest finite numbers.</param>
    private readonly struct NumberScales(float rate, float* scales, bool saturates)
    {
        public float Rate => rate;

        public float Factor(int number) => scales == null ? 1 : saturates ? Limited(FactorOf(rate, scales[number])) : FactorOf(rate, scales[number]);
    }

    /// <summary>Scales numbers where they stand in the outputs, and puts their functions behind them.</summary>
    private readonly struct FunctionOutputs(
        float* outputs, EmbeddedNumbers numbers, float* positions, int rows, PiecewiseLinear functions, NumberScales scales, bool saturates)
    {
        public int Rows => rows;

        public int Numbers => numbers.Count;

        /// <summary>Finds the functions of some numbers at each edge.</summary>
        public void Tabulate(int number, int end) => functions.Tabulate(number, end, saturates);

        /// <summary>Fills in some numbers of some rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Fill(int number, int endNumber, int firstRow, int endRow)
        {
            nint length = numbers.RowLength;
            var start = outputs + firstRow * length;
            for (; number < endNumber; number++)
            {
                var factor = scales.Factor(number);
                float* own = start + numbers.Own(number), y = start + numbers.Functions(number);
                var position = positions + ((nint)number * rows + firstRow) * PositionLength;
                for (var row = firstRow; row < endRow; row++, own += length, y += length)
                {
                    var (bin, share) = functions.Locate(number, *own);
                    functions.Apply(number, bin, share, factor, y, saturates);
                    *own = saturates ? Limited(factor * *own) : factor * *own;
                    if (positions == null)
                        continue;
                    (position[0], position[1]) = (bin, share);
                    position += PositionLength;
                }
            }
        }
    }

    /// <summary>Of functions that are tabulated, all of some rows.</summary>
    private readonly struct RowOutputs(FunctionOutputs outputs) : IRangeWork
    {
        // So many rows find what belongs to a number in the first-level cache, and their outputs stay in the second.
        private const int RowsAtOnce = 32;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row += RowsAtOnce)
                outputs.Fill(0, outputs.Numbers, row, Math.Min(row + RowsAtOnce, end));
        }
    }

    /// <summary>Tabulates the functions of some numbers and fills in all rows while they are in the first-level cache.</summary>
    private readonly struct NumberOutputs(FunctionOutputs outputs) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int number, int end)
        {
            for (; number < end; number += 2)
            {
                var endOfPair = Math.Min(number + 2, end);
                outputs.Tabulate(number, endOfPair);
                outputs.Fill(number, endOfPair, 0, outputs.Rows);
            }
        }
    }

    private readonly struct ColumnGradients(
        MatrixRows inputs, float* positions, float* dy, float* dx, float* dw, float* ds, PiecewiseLinear functions, NumberScales scales, EmbeddedNumbers numbers) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int number, int end)
        {
            for (; number < end; number += 2)
            {
                var last = Math.Min(number + 1, end - 1);
                for (var either = number; either <= last; either++)
                    AddRows(either);
                var (ofNumber, ofLast) = functions.FinishGradients((number, scales.Factor(number)), (last, scales.Factor(last)), dw);
                if (ds == null)
                    continue;
                ds[number] = scales.Rate * (OfNumberItself(number) + ofNumber);
                if (last > number)
                    ds[last] = scales.Rate * (OfNumberItself(last) + ofLast);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void AddRows(int number)
        {
            functions.ClearGradient(number);
            nint length = numbers.RowLength;
            var gradient = dy + numbers.Functions(number);
            var position = positions + (nint)number * inputs.Rows * PositionLength;
            var factor = scales.Factor(number);
            for (var row = 0; row < inputs.Rows; row++, gradient += length, position += PositionLength)
            {
                var (bin, share) = ((int)position[0], position[1]);
                functions.AddGradient(number, bin, share, gradient);
                if (dx == null)
                    continue;
                var ofInput = dx + (nint)row * numbers.Inputs + numbers.Own(number);
                *ofInput = factor * (*ofInput + functions.Slope(number, bin, share, gradient));
            }
        }

        /// <summary>Added up in order of the rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float OfNumberItself(int number)
        {
            nint length = numbers.RowLength;
            var column = numbers.Own(number);
            var sum = 0f;
            for (var row = 0; row < inputs.Rows; row++)
                sum = MathF.FusedMultiplyAdd(inputs.Start(row)[column], dy[row * length + column], sum);
            return sum;
        }
    }
}
