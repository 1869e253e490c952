using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Learns piecewise-linear functions of single numbers, for the steps and spikes in a column that a dense layer is slow to learn. The range of a number is cut into bins; in unit u of number j,
/// y[j, u] = Σ over bins b of W[j, b, u] p[b], where p[b] is 1 in bins below x[j], 0 in bins above it, and the part of its bin that lies below x[j] in between. The output is the input itself, then the units of each
/// number. Parameters: "edges" (numbers x bins + 1), which are statistics of the training rows and not trained, at first evenly from -3 to 3; "weights" (numbers x bins x units), at first 0, so that the network begins as one without.
/// With a scale rate r, number j itself and its functions are multiplied by 1 + r s[j], so that one that tells nothing is soon turned down as a whole; "scales" s (numbers) are at first 0 and not decayed.
/// </summary>
/// <remarks>
/// Gorishniy, Rubachev and Babenko, "On embeddings for numerical features in tabular deep learning" (2022); that weights begin at 0 beside the number itself: Gorishniy, Kotelnikov and Babenko, "TabM" (2024); scales that
/// are learned faster than weights: Holzmüller, Grinsztajn and Steinwart, "Better by default" (2024).
/// </remarks>
public sealed class NumericEmbeddingLayer : Layer
{
    private const int LargestUnits = PiecewiseLinear.MostUnits;
    private const int LargestBins = 1024;
    private const float LargestScaleRate = 100;
    private const float InitialRange = 3;

    private const int Edges = 0;
    private const int Weights = 1;
    private const int Scales = 2;

    // What the forward pass keeps of a number: its bin, and the share of the bin below it.
    private const int PositionLength = 2;

    private readonly int[]? _columns;

    /// <summary>A layer of <paramref name="units"/> functions of each number.</summary>
    /// <param name="units">Functions of a number, in [1, 32].</param>
    /// <param name="bins">Pieces of a function, in [1, 1024]; 32 by default.</param>
    /// <param name="columns">Which inputs are such numbers, ascending; null, the default, for all of them. The others only go through.</param>
    /// <param name="scaleRate">How many times as fast as weights the scale of a number is learned by optimizers whose steps do not grow with gradients, such as Adam; by plain gradient descent its square. In [0, 100]; 0 by default, for no scales.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="ArgumentException">There are no columns, or one is below 0 or not above the one before it.</exception>
    public NumericEmbeddingLayer(int units, int bins = 32, IReadOnlyList<int>? columns = null, float scaleRate = 0)
    {
        if (units is < 1 or > LargestUnits)
            throw new ArgumentOutOfRangeException(nameof(units), FormattableString.Invariant($"The units of a numeric embedding must be in [1, {LargestUnits}]; {units} was given."));
        if (bins is < 1 or > LargestBins)
            throw new ArgumentOutOfRangeException(nameof(bins), FormattableString.Invariant($"The bins of a numeric embedding must be in [1, {LargestBins}]; {bins} was given."));
        if (scaleRate is not (>= 0 and <= LargestScaleRate))
            throw new ArgumentOutOfRangeException(nameof(scaleRate), FormattableString.Invariant($"The scale rate of a numeric embedding must be in [0, {LargestScaleRate}]; {scaleRate} was given."));
        (Units, Bins, ScaleRate) = (units, bins, scaleRate);
        _columns = columns is null ? null : ColumnList.Checked(columns, "A numeric embedding", nameof(columns));
    }

    /// <summary>Functions of a number.</summary>
    public int Units { get; }

    /// <summary>Pieces of a function.</summary>
    public int Bins { get; }

    /// <summary>Which inputs are embedded; null for all.</summary>
    public IReadOnlyList<int>? Columns => _columns;

    /// <summary>How many times as fast as weights the scale of a number is learned; 0 for no scales.</summary>
    public float ScaleRate { get; }

    private bool HasScales => ScaleRate > 0;

    /// <summary>Such as "Numeric embedding 4, 32 bins, scales 6".</summary>
    public override string ToString() => FormattableString.Invariant($"Numeric embedding {Units}, {Bins} bins")
        + (_columns is null ? "" : FormattableString.Invariant($", {_columns.Length} columns")) + (HasScales ? FormattableString.Invariant($", scales {ScaleRate}") : "");

    internal static Layer Read(BinaryReader reader)
    {
        var (units, bins, columns) = (reader.ReadInt32(), reader.ReadInt32(), ColumnList.Read(reader));
        var scaleRate = units < 0 ? reader.ReadSingle() : 0;
        if (units < 0 && scaleRate == 0)
            throw new FormatException("The saved network has a numeric embedding with scales and a scale rate of 0.");
        return new NumericEmbeddingLayer(Math.Max(units, unchecked(-units)), bins, columns.Count == 0 ? null : columns, scaleRate);
    }

    /// <summary>int32 units, times -1 where there are scales, int32 bins, int32 number of columns, 0 for all, int32 each column, and where there are scales float32 their rate: networks of older versions have none.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(HasScales ? -Units : Units);
        writer.Write(Bins);
        ColumnList.Write(_columns, writer);
        if (HasScales)
            writer.Write(ScaleRate);
    }

    internal override Shape OutputShape(Shape input)
    {
        ColumnList.CheckInput(_columns, input);
        var outputs = input.Size + (long)CountOf(input) * Units;
        return outputs <= int.MaxValue ? new Shape((int)outputs) : throw new ArgumentException(FormattableString.Invariant($"Its output would have {outputs:N0} values."));
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var columns = CountOf(input);
        var weights = (long)columns * Bins * Units;
        if (weights + columns > AlignedBuffer.MaxLength / 2)
            throw new ArgumentOutOfRangeException(nameof(input), FormattableString.Invariant($"A numeric embedding of {columns:N0} numbers with {Bins} bins and {Units} units has {weights:N0} weights, more than one block of memory holds."));
        ParameterSpecification edges = new("edges", new Shape(columns, Bins + 1), IsDecayed: false, ParameterRole.Constant), ofFunctions = new("weights", new Shape(columns, Bins, Units), IsDecayed: true, ArePieces: true);
        return HasScales ? [edges, ofFunctions, new("scales", columns, IsDecayed: false)] : [edges, ofFunctions];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        var edges = new float[Bins + 1];
        for (var edge = 0; edge <= Bins; edge++)
            edges[edge] = InitialRange * (2f * edge / Bins - 1);
        for (var column = 0; column < layer.Parameter(Edges).Rows; column++)
            layer.Parameter(Edges).SetRow(column, edges);
    }

    /// <summary>(numbers x rows): the bin that each lies in and the share of the bin below it.</summary>
    internal override LayerMemory Cache(Shape input) => LayerMemory.Of((long)PositionLength * CountOf(input));

    /// <summary>The functions at each edge, in the backward pass their gradients.</summary>
    internal override LayerMemory Scratch(Shape input) => LayerMemory.Of(0, (long)CountOf(input) * (Bins + 1) * Units);

    internal override int[] Sources(Shape input)
    {
        var columns = ColumnsOf(input);
        return [.. Enumerable.Range(0, input.Size), .. Enumerable.Range(0, columns.Length * Units).Select(output => columns[output / Units])];
    }

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var columns = ColumnsOf(layer.InputShape);
        var functions = new OnnxPiecewiseLinear(layer.Parameter(Edges).ToArray(), layer.Parameter(Weights).ToArray(), columns.Length, Bins, Units).Add(input.Graph, input.Plain, columns);
        var all = OnnxRows.Of(input.Graph, layer.OutputShape, input.Graph.Node("Concat", [input.Plain, functions], ("axis", 1L)));
        return HasScales ? all.WithChannels("Mul", "scales", Factors(layer)) : all;
    }

    /// <summary>What each output is multiplied by.</summary>
    private float[] Factors(NetworkLayer layer)
    {
        var factors = new float[layer.OutputShape.Size];
        Array.Fill(factors, 1);
        var (columns, ofNumbers) = (ColumnsOf(layer.InputShape), FactorsOf(layer));
        for (var number = 0; number < columns.Length; number++)
        {
            factors[columns[number]] = ofNumbers[number];
            factors.AsSpan(layer.InputShape.Size + number * Units, Units).Fill(ofNumbers[number]);
        }

        return factors;
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private int CountOf(Shape input) => _columns?.Length ?? input.Size;

    /// <summary>The inputs that are embedded.</summary>
    internal int[] ColumnsOf(Shape input) => _columns ?? [.. Enumerable.Range(0, input.Size)];

    /// <summary>Sets the edges of the bins.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    /// <param name="edges">(numbers x bins + 1), row-major: ascending; unused ones at the end are the largest number.</param>
    internal static void Set(NetworkLayer layer, float[] edges) => layer.Parameter(Edges).Set(edges);

    /// <summary>(numbers): what each number and its functions are multiplied by.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    internal static float[] FactorsOf(NetworkLayer layer)
    {
        var embedding = (NumericEmbeddingLayer)layer.Layer;
        return embedding.HasScales ? [.. layer.Parameter(Scales).ToArray().Select(scale => FactorOf(embedding.ScaleRate, scale))] : [.. Enumerable.Repeat(1f, embedding.CountOf(layer.InputShape))];
    }

    /// <summary>The edges of the bins, as <see cref="Set"/> takes them.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    internal static float[] EdgesOf(NetworkLayer layer) => layer.Parameter(Edges).ToArray();

    private sealed unsafe class Passes(NumericEmbeddingLayer kind, NetworkLayer layer) : LayerPasses
    {
        // The cost of a number in multiply-adds of a product, by which the number of threads is chosen.
        private const long MultiplyAddsPerNumber = 256;

        private readonly int[] _columns = kind.ColumnsOf(layer.InputShape);
        private readonly int _inputs = layer.InputShape.Size;
        private readonly int _outputs = layer.OutputShape.Size;
        private readonly Parameter _edges = layer.Parameter(Edges);
        private readonly Parameter _weights = layer.Parameter(Weights);
        private readonly Parameter? _scales = kind.HasScales ? layer.Parameter(Scales) : null;

        // Inputs that only go through, such as indicators of categories, teach this layer nothing.
        private readonly bool[] _unread = Unread(kind.ColumnsOf(layer.InputShape), layer.InputShape.Size, layer.OutputShape.Size);

        // The edges row by row, and the functions at each of them. Several threads may predict at once, and may compute them at once.
        private readonly DerivedValues _rowMajorEdges = new(layer.Parameter(Edges));
        private readonly DerivedValues _tables = new(layer.Parameter(Weights));

        private PiecewiseLinear Functions(float* edges, float* tables) => new(edges, _weights.Pointer, tables, kind.Bins, kind.Units);

        private NumberScales NewScales(bool saturates) => new(kind.ScaleRate, _scales is null ? null : _scales.Pointer, saturates);

        public override ReadOnlySpan<bool> UnreadGradient => _unread;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _outputs);
            var inputs = pass.Input;
            for (var row = 0; row < pass.Rows; row++)
                new ReadOnlySpan<float>(inputs.Start(row), _inputs).CopyTo(pass.Output.Slice(row * _outputs, _inputs));
            // In training, the functions are other ones after each step.
            var keeps = pass.Training is null && !pass.Saturates;
            var threads = WorkShares.Threads(pass.Team, (long)pass.Rows * _columns.Length * MultiplyAddsPerNumber);
            fixed (float* edges = RowMajorEdges(), tables = keeps ? Tables() : pass.Scratch, y = pass.Output, positions = pass.Cache)
            fixed (int* columns = _columns)
            {
                var outputs = new FunctionOutputs(y, _inputs, positions, pass.Rows, Functions(edges, tables), NewScales(pass.Saturates), columns, _columns.Length, kind.Units, pass.Saturates);
                var shares = RangeShares.AtMost(threads, keeps ? pass.Rows : _columns.Length);
                if (keeps)
                {
                    shares.Run(new RowOutputs(outputs), pass.Team);
                }
                else
                {
                    shares.Run(new NumberOutputs(outputs), pass.Team);
                }
            }
        }

        private static bool[] Unread(int[] columns, int inputs, int outputs)
        {
            var unread = new bool[(outputs + PanelLayout.UnreadUnit - 1) / PanelLayout.UnreadUnit];
            unread.AsSpan(0, inputs / PanelLayout.UnreadUnit).Fill(true);
            foreach (var column in columns)
                unread[column / PanelLayout.UnreadUnit] = false;
            return unread;
        }

        private float[] RowMajorEdges() => _rowMajorEdges.Latest ?? _rowMajorEdges.Compute(edges => PanelLayout.ToRowMajor(_edges.Elements, edges, kind.Bins + 1), _edges.Shape.Size);

        /// <summary>For a single row, to sum up the functions would take longer than all else.</summary>
        private float[] Tables() => _tables.Latest ?? _tables.Compute(Tabulate, _columns.Length * (kind.Bins + 1) * kind.Units);

        private void Tabulate(float[] tables)
        {
            fixed (float* values = tables)
                Functions(null, values).Tabulate(0, _columns.Length, saturates: false);
        }

        /// <summary>
        /// With the factor f[j] = 1 + r s[j] of a number, or 1: dW[j, b, u] = f[j] Σ over rows of dy[j, u] p[b]; dx[j] = f[j] (its own dy + Σ over units of dy[j, u] times the slope of the function there);
        /// ds[j] = r (Σ over rows of x[j] times its own dy + Σ over bins and units of W[j, b, u] times what dW would be with a factor of 1).
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _outputs);
            var threads = WorkShares.Threads(pass.Team, (long)pass.Rows * _columns.Length * MultiplyAddsPerNumber);
            var shares = RangeShares.AtMost(threads, _columns.Length);
            pass.Gradients.Note(_weights, new WorkShares(new RangeShares(_weights.Rows, kind.Bins, shares.Parts), new RangeShares(kind.Units, PanelLayout.Width, 1)));
            fixed (float* edges = RowMajorEdges(), tables = pass.Scratch, positions = pass.Cache, dy = pass.OutputGradient, dx = pass.InputGradient, dw = _weights.In(pass.Gradients.Values))
            fixed (float* ds = _scales is null ? default : pass.Gradients.Fill(_scales))
            fixed (int* columns = _columns)
            {
                for (var row = 0; row < pass.Rows && dx != null; row++)
                    new Span<float>(dy + (nint)row * _outputs, _inputs).CopyTo(new Span<float>(dx + (nint)row * _inputs, _inputs));
                shares.Run(new ColumnGradients(pass.Input, positions, dy, dx, dw, ds, Functions(edges, tables), NewScales(saturates: false), columns, _columns.Length, kind.Units), pass.Team);
            }
        }
    }

    private static float FactorOf(float rate, float scale) => MathF.FusedMultiplyAdd(rate, scale, 1);

    private static float Limited(float value) => Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>What numbers and their functions are multiplied by.</summary>
    /// <param name="rate">The scale rate.</param>
    /// <param name="scales">(numbers); null for none.</param>
    /// <param name="saturates">Whether factors are limited to the largest finite numbers.</param>
    private readonly unsafe struct NumberScales(float rate, float* scales, bool saturates)
    {
        public float Rate => rate;

        public float Factor(int number) => scales == null ? 1 : saturates ? Limited(FactorOf(rate, scales[number])) : FactorOf(rate, scales[number]);
    }

    /// <summary>Scales numbers where they stand in the outputs, and puts their functions behind them.</summary>
    private readonly unsafe struct FunctionOutputs(
        float* outputs, int inputs, float* positions, int rows, PiecewiseLinear functions, NumberScales scales, int* columns, int count, int units, bool saturates)
    {
        public int Rows => rows;

        public int Numbers => count;

        /// <summary>Finds the functions of some numbers at each edge.</summary>
        public void Tabulate(int number, int end) => functions.Tabulate(number, end, saturates);

        /// <summary>Fills in some numbers of some rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Fill(int number, int endNumber, int firstRow, int endRow)
        {
            nint length = inputs + count * units;
            var start = outputs + firstRow * length;
            for (; number < endNumber; number++)
            {
                var factor = scales.Factor(number);
                float* own = start + columns[number], y = start + inputs + number * units;
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
    private readonly unsafe struct RowOutputs(FunctionOutputs outputs) : IRangeWork
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
    private readonly unsafe struct NumberOutputs(FunctionOutputs outputs) : IRangeWork
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

    private readonly unsafe struct ColumnGradients(
        MatrixRows inputs, float* positions, float* dy, float* dx, float* dw, float* ds, PiecewiseLinear functions, NumberScales scales, int* columns, int count, int units) : IRangeWork
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
            nint length = inputs.Columns + count * units;
            var gradient = dy + inputs.Columns + number * units;
            var position = positions + (nint)number * inputs.Rows * PositionLength;
            var factor = scales.Factor(number);
            for (var row = 0; row < inputs.Rows; row++, gradient += length, position += PositionLength)
            {
                var (bin, share) = ((int)position[0], position[1]);
                functions.AddGradient(number, bin, share, gradient);
                if (dx == null)
                    continue;
                var ofInput = dx + (nint)row * inputs.Columns + columns[number];
                *ofInput = factor * (*ofInput + functions.Slope(number, bin, share, gradient));
            }
        }

        /// <summary>Added up in order of the rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float OfNumberItself(int number)
        {
            nint length = inputs.Columns + count * units;
            var column = columns[number];
            var sum = 0f;
            for (var row = 0; row < inputs.Rows; row++)
                sum = MathF.FusedMultiplyAdd(inputs.Start(row)[column], dy[row * length + column], sum);
            return sum;
        }
    }
}
