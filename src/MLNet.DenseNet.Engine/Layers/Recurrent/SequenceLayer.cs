using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A layer that goes over a sequence, (steps x channels), and passes a state of <see cref="Units"/> values on from step to step. Its output is the state after the last step, (units), or after each of
/// them, (steps x units).
/// </summary>
/// <remarks>Kinds: <see cref="RecurrentLayer"/>, <see cref="LstmLayer"/>, <see cref="GruLayer"/>. <see cref="BidirectionalLayer"/> runs one in both directions.</remarks>
public abstract class SequenceLayer : Layer
{
    /// <summary>The places of the parameters.</summary>
    internal const int Weights = 0;

    internal const int RecurrentWeights = 1;
    internal const int Bias = 2;
    internal const int RecurrentBias = 3;

    private readonly RecurrentCell _cell;

    private protected SequenceLayer(int units, bool returnSequences, float dropoutRate, RecurrentCell cell)
    {
        if (units < 1)
            throw new ArgumentOutOfRangeException(nameof(units), FormattableString.Invariant($"A recurrent layer needs at least 1 unit; {units} was given."));
        Units = units;
        ReturnSequences = returnSequences;
        DropoutRate = DropoutMask.Checked(dropoutRate, nameof(dropoutRate));
        _cell = cell;
    }

    /// <summary>The values of the state.</summary>
    public int Units { get; }

    /// <summary>Whether the output is the state after each step; otherwise that after the last one.</summary>
    public bool ReturnSequences { get; }

    /// <summary>The probability of dropping an input while training: for each row and channel, in all steps alike.</summary>
    public float DropoutRate { get; }

    /// <summary>The options, as they follow the kind and the units in its text.</summary>
    private protected string OptionsText => (ReturnSequences ? ", all steps" : "") + (DropoutRate > 0 ? FormattableString.Invariant($", dropout {DropoutRate}") : "");

    private protected static (int Units, bool ReturnSequences, float DropoutRate) ReadOptions(BinaryReader reader) => (reader.ReadInt32(), reader.ReadBoolean(), reader.ReadSingle());

    private protected void WriteOptions(BinaryWriter writer)
    {
        writer.Write(Units);
        writer.Write(ReturnSequences);
        writer.Write(DropoutRate);
    }

    /// <summary>How many parameters a layer with this cell has.</summary>
    internal static int ParameterCount(RecurrentCell cell) => cell.HasRecurrentSums ? 4 : 3;

    /// <exception cref="ArgumentException">The input is not a sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is too large.</exception>
    internal RecurrentSizes SizesOn(Shape input) => RecurrentSizes.Of(input, Units, _cell, DropoutRate > 0);

    internal override Shape OutputShape(Shape input)
    {
        var sizes = SizesOn(input);
        return ReturnSequences ? new Shape(sizes.Steps, Units) : Units;
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var sizes = SizesOn(input);
        ParameterSpecification[] all =
        [
            new("weights", new Shape(sizes.Channels, sizes.Sums), IsDecayed: true),
            new("recurrent weights", new Shape(Units, sizes.Sums), IsDecayed: true),
            new("bias", sizes.Sums, IsDecayed: false),
            new("recurrent bias", sizes.Sums, IsDecayed: false),
        ];
        return all[..ParameterCount(_cell)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random) => Initialize(layer, random, direction: 0);

    /// <summary>Gives the parameters of a direction their initial values.</summary>
    /// <param name="layer">The place in a network.</param>
    /// <param name="random">Where random numbers come from.</param>
    /// <param name="direction">0, or 1 for the second one of a bidirectional layer.</param>
    internal void Initialize(NetworkLayer layer, RandomBits random, int direction)
    {
        // Each direction, and in it each matrix, has numbers of its own.
        const ulong Numbers = 1UL << 40;
        var (sizes, first, position) = (SizesOn(layer.InputShape), direction * ParameterCount(_cell), 2 * (ulong)direction * Numbers);
        var weights = new float[sizes.Channels * sizes.Sums];
        random.FillUniform(weights, _cell.InitialWeightLimit(sizes.Channels, Units), position);
        layer.Parameter(first + Weights).Set(weights);
        layer.Parameter(first + RecurrentWeights).Set(OrthogonalMatrix.Create(Units, sizes.Sums, random, position + Numbers));
        // One row, whose panels lie one after the other.
        _cell.InitializeBias(layer.Parameter(first + Bias).Elements);
    }

    internal override LayerMemory Cache(Shape input) => SizesOn(input).Cache;

    internal override LayerMemory Scratch(Shape input) => SizesOn(input).Scratch;

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => new OnnxRecurrence(this, layer, directions: 1).Add(input);

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(new RecurrentDirection(this, layer, direction: 0));

    private sealed class Passes(RecurrentDirection direction) : LayerPasses
    {
        public override void Forward(in ForwardPass pass) => direction.Forward(in pass, pass.Cache);

        public override void Backward(in BackwardPass pass) => direction.Backward(in pass, pass.Cache, addsInputGradient: false);
    }
}
