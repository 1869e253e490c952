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

    internal const int Edges = 0;
    internal const int Weights = 1;
    internal const int Scales = 2;

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

    internal bool HasScales => ScaleRate > 0;

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
    internal override LayerMemory Cache(Shape input) => LayerMemory.Of((long)NumericEmbeddingPasses.PositionLength * CountOf(input));

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
        var (numbers, ofNumbers) = (NumbersOf(layer.InputShape), FactorsOf(layer));
        for (var number = 0; number < numbers.Count; number++)
        {
            factors[numbers.Own(number)] = ofNumbers[number];
            factors.AsSpan(numbers.Functions(number), Units).Fill(ofNumbers[number]);
        }

        return factors;
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new NumericEmbeddingPasses(this, layer);

    private int CountOf(Shape input) => _columns?.Length ?? input.Size;

    /// <summary>The inputs that are embedded.</summary>
    internal int[] ColumnsOf(Shape input) => _columns ?? [.. Enumerable.Range(0, input.Size)];

    /// <summary>Where they and their functions lie.</summary>
    internal EmbeddedNumbers NumbersOf(Shape input) => new(ColumnsOf(input), input.Size, Units);

    /// <summary>Sets the edges of the bins.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    /// <param name="edges">(numbers x bins + 1), row-major: ascending; unused ones at the end are the largest number.</param>
    internal static void Set(NetworkLayer layer, float[] edges) => layer.Parameter(Edges).Set(edges);

    /// <summary>Sets what each number and its functions are multiplied by, as far as there are scales.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    /// <param name="factors">(numbers).</param>
    internal static void SetFactors(NetworkLayer layer, float[] factors)
    {
        var rate = ((NumericEmbeddingLayer)layer.Layer).ScaleRate;
        if (rate > 0)
            layer.Parameter(Scales).Set([.. factors.Select(factor => (factor - 1) / rate)]);
    }

    /// <summary>(numbers): what each number and its functions are multiplied by.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    internal static float[] FactorsOf(NetworkLayer layer)
    {
        var embedding = (NumericEmbeddingLayer)layer.Layer;
        return embedding.HasScales ? [.. layer.Parameter(Scales).ToArray().Select(scale => NumericEmbeddingPasses.FactorOf(embedding.ScaleRate, scale))] : [.. Enumerable.Repeat(1f, embedding.CountOf(layer.InputShape))];
    }

    /// <summary>The edges of the bins, as <see cref="Set"/> takes them.</summary>
    /// <param name="layer">A numeric embedding in its network.</param>
    internal static float[] EdgesOf(NetworkLayer layer) => layer.Parameter(Edges).ToArray();
}
