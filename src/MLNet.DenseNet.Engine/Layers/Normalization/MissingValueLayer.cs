using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Makes missing values, not-a-number, of some columns something to learn from: y[j] = the column's replacement where x[j] is missing, else x[j]; then, for each of the columns, an indicator: 1 where its value is missing, else 0.
/// Parameter, which is a statistic of the training rows and not trained: "replacements" (columns), the mean of the values that are there, at first 0. A value that is missing in another column stays so; a <see cref="StandardizationLayer"/> may take it for the mean.
/// </summary>
/// <remarks>The trainers of ML.NET put it first where rows to learn from have missing values. Josse et al., "On the consistency of supervised learning with missing values" (2019), on why the two together lose nothing.</remarks>
public sealed class MissingValueLayer : Layer
{
    private const int Replacements = 0;

    private readonly int[] _columns;

    /// <summary>A layer for some columns.</summary>
    /// <param name="columns">Which ones, ascending; at least one.</param>
    /// <exception cref="ArgumentException">There are no columns, or one is below 0 or not above the one before it.</exception>
    public MissingValueLayer(IReadOnlyList<int> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = ColumnList.Checked(columns, "A layer of missing values", nameof(columns));
    }

    /// <summary>The columns of which values may be missing.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>Such as "Missing values, 3 columns".</summary>
    public override string ToString() => FormattableString.Invariant($"Missing values, {_columns.Length} columns");

    internal static Layer Read(BinaryReader reader) => new MissingValueLayer(ColumnList.Read(reader));

    /// <summary>int32 number of columns, int32 each.</summary>
    internal override void Write(BinaryWriter writer) => ColumnList.Write(_columns, writer);

    internal override Shape OutputShape(Shape input)
    {
        ColumnList.CheckInput(_columns, input);
        return new Shape(input.Size + _columns.Length);
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input) => [new("replacements", new Shape(_columns.Length), IsDecayed: false, ParameterRole.Constant)];

    /// <summary>Sets the replacements.</summary>
    /// <param name="layer">A layer of missing values in its network.</param>
    /// <param name="replacements">(columns).</param>
    internal static void Set(NetworkLayer layer, float[] replacements) => layer.Parameter(Replacements).Set(replacements);

    /// <summary>(columns): the replacements.</summary>
    /// <param name="layer">A layer of missing values in its network.</param>
    internal static float[] ReplacementsOf(NetworkLayer layer) => layer.Parameter(Replacements).ToArray();

    internal override int[] Sources(Shape input) => [.. Enumerable.Range(0, input.Size), .. _columns];

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, size) = (input.Graph, layer.InputShape.Size);
        // What is missing in another column stays so.
        var replacements = new float[size];
        Array.Fill(replacements, float.NaN);
        var means = layer.Parameter(Replacements).ToArray();
        for (var i = 0; i < _columns.Length; i++)
            replacements[_columns[i]] = means[i];
        var isMissing = graph.Node("IsNaN", [input.Plain]);
        var values = graph.Node("Where", [isMissing, graph.Constant("replacements", replacements), input.Plain]);
        var indicators = graph.Columns(graph.Node("Cast", [isMissing], ("to", OnnxTypes.Float)), _columns);
        return OnnxRows.Of(graph, layer.OutputShape, graph.Node("Concat", [values, indicators], ("axis", 1L)));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(_columns, layer.InputShape.Size, layer.Parameter(Replacements));

    private sealed class Passes(int[] columns, int inputs, Parameter replacements) : LayerPasses
    {
        private readonly int _outputs = inputs + columns.Length;

        /// <summary>A value that is not stored is 0, and not missing.</summary>
        public override unsafe bool PassesThrough(ref CsrMatrix rows, CsrMemory memory)
        {
            if (rows.Scales != null)
                return false;
            rows = memory.ReplaceMissing(in rows, columns, replacements.Elements);
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _outputs);
            var means = replacements.Elements;
            for (var row = 0; row < pass.Rows; row++)
            {
                var y = pass.Output.Slice(row * _outputs, _outputs);
                pass.Input[row].CopyTo(y);
                for (var i = 0; i < columns.Length; i++)
                {
                    var isMissing = float.IsNaN(y[columns[i]]);
                    y[inputs + i] = isMissing ? 1 : 0;
                    if (isMissing)
                        y[columns[i]] = means[i];
                }
            }
        }

        /// <summary>dx = dy, but 0 where a value is missing.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            for (var row = 0; row < pass.Rows && !pass.InputGradient.IsEmpty; row++)
            {
                var dx = pass.InputGradient.Slice(row * inputs, inputs);
                pass.OutputGradient.Slice(row * _outputs, inputs).CopyTo(dx);
                foreach (var column in columns)
                {
                    if (float.IsNaN(pass.Input[row][column]))
                        dx[column] = 0;
                }
            }
        }
    }
}
