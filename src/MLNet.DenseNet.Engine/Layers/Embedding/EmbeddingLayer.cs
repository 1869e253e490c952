using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Looks up a learned vector for each whole number, such as the number of a word or a category: y(i) = row x(i) of the weights. It takes a plain row of n numbers, or a sequence of one number a step, and gives a sequence of n steps.
/// Parameter: "weights" (vocabulary x units), at first uniform over [-0.05, 0.05).
/// </summary>
/// <remarks>
/// Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model" (2003). The initial range is that of Keras. A value that is not a whole number from 0 up to the vocabulary is an error, in training and at prediction
/// alike: features must come as they are, neither standardized nor varied. Vectors that a batch does not look up stay as they are, and so does what the optimizer remembers of them: the time of a step does not depend on the vocabulary.
/// </remarks>
public sealed class EmbeddingLayer : Layer
{
    private const float InitialLimit = 0.05f;

    // Up to here, float32 holds every whole number.
    private const int LargestVocabulary = 1 << 24;

    private const int Weights = 0;

    /// <summary>A layer of <paramref name="vocabulary"/> vectors.</summary>
    /// <param name="vocabulary">How many numbers there are, in [1, 16777216]: from 0 to one less.</param>
    /// <param name="units">The length of a vector, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public EmbeddingLayer(int vocabulary, int units)
    {
        if (vocabulary is < 1 or > LargestVocabulary)
            throw new ArgumentOutOfRangeException(nameof(vocabulary), FormattableString.Invariant($"The vocabulary of an embedding must be in [1, {LargestVocabulary:N0}]; {vocabulary:N0} was given."));
        if (units < 1)
            throw new ArgumentOutOfRangeException(nameof(units), FormattableString.Invariant($"An embedding needs at least 1 unit; {units} was given."));
        (Vocabulary, Units) = (vocabulary, units);
    }

    /// <summary>How many numbers there are.</summary>
    public int Vocabulary { get; }

    /// <summary>The length of a vector.</summary>
    public int Units { get; }

    /// <summary>Such as "Embedding 1000 x 16".</summary>
    public override string ToString() => FormattableString.Invariant($"Embedding {Vocabulary} x {Units}");

    internal static Layer Read(BinaryReader reader) => new EmbeddingLayer(reader.ReadInt32(), reader.ReadInt32());

    /// <summary>int32 vocabulary, int32 units.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Vocabulary);
        writer.Write(Units);
    }

    internal override Shape OutputShape(Shape input)
    {
        if (input.Dimensions.Length != 1 && !(input.Dimensions.Length == 2 && input.Dimensions[1] == 1))
            throw new ArgumentException("It needs a plain row of numbers, or a sequence of one number a step, steps x 1.");
        return (long)input.Size * Units <= int.MaxValue ? new Shape(input.Size, Units) : throw new ArgumentException(FormattableString.Invariant($"Its output would have {(long)input.Size * Units:N0} values."));
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var weights = (long)Vocabulary * Units;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"An embedding of {Vocabulary:N0} vectors of {Units:N0} units has {weights:N0} weights"));
        return [new("weights", new Shape(Vocabulary, Units), IsDecayed: true)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random) => layer.Parameter(Weights).FillUniform(random, InitialLimit);

    internal override int[] Sources(Shape input) => [.. Enumerable.Range(0, input.Size * Units).Select(output => output / Units)];

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var graph = input.Graph;
        var numbers = graph.Node("Cast", [input.Plain], ("to", OnnxTypes.Int64));
        return OnnxRows.Of(graph, layer.OutputShape, graph.Node("Gather", [graph.Constant("weights", layer.Parameter(Weights).ToArray(), Vocabulary, Units), numbers], ("axis", 0L)));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private sealed unsafe class Passes(EmbeddingLayer kind, NetworkLayer layer) : LayerPasses
    {
        // The cost of a value that is moved, in multiply-adds of a product, by which the number of threads is chosen.
        private const long MultiplyAddsPerElement = 8;

        private readonly int _numbers = layer.InputShape.Size;
        private readonly int _units = kind.Units;
        private readonly Parameter _weights = layer.Parameter(Weights);

        /// <summary>y(i) = row x(i) of W.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _numbers * _units);
            Check(pass.Input);
            fixed (float* y = pass.Output)
            {
                var shares = RangeShares.For(pass.Team, pass.Output.Length * MultiplyAddsPerElement, pass.Rows);
                shares.Run(new Lookup(pass.Input, _weights, y), pass.Team);
            }
        }

        /// <summary>dW = for each row that the batch looks up the sum of the dy(i) with its number, in order of the batch. Numbers have no gradient: it is 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _numbers * _units);
            Check(pass.Input);
            var touched = pass.Gradients.BeginSparse(_weights, pass.Input);
            var shares = SparseDenseProduct.Shares(touched.Count, touched.Entries, _units, pass.Team);
            pass.Gradients.Note(_weights, in shares);
            SparseDenseProduct.MultiplyTransposedLeft(touched, pass.OutputGradient, _weights.In(pass.Gradients.Values), kind.Vocabulary, _units, shares, pass.Team);
            pass.InputGradient.Clear();
        }

        /// <exception cref="ArgumentException">A value is not one of the numbers.</exception>
        private void Check(MatrixRows rows)
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                foreach (var value in rows[row])
                {
                    if (!((int)value == value && (uint)(int)value < (uint)kind.Vocabulary))
                        Refuse(value, row, rows[row].IndexOf(value));
                }
            }
        }

        private void Refuse(float value, int row, int position) => throw new UnknownNumberException(
            FormattableString.Invariant($"Layer {layer.Index}, {kind}, takes whole numbers from 0 to {kind.Vocabulary - 1}"), row, FormattableString.Invariant($"{value} at position {position}"));
    }

    private readonly unsafe struct Lookup(MatrixRows numbers, Parameter weights, float* outputs) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
                TableRows.Gather(numbers.Start(row), numbers.Columns, weights.Pointer, weights.Rows, weights.Columns, outputs + (nint)row * numbers.Columns * weights.Columns);
        }
    }
}
