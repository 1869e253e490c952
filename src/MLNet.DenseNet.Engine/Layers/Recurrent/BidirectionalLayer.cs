using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A recurrent layer in both directions over a sequence, each with parameters of its own: from the first step to the last, and from the last to the first. The output of the second direction follows that of the
/// first: (2 units), the states after the last step of each direction, or (steps x 2 units), where both states of a step stand together. Parameters: those of the layer twice, with "forward" and "backward" before their names.
/// </summary>
/// <remarks>Schuster and Paliwal, "Bidirectional recurrent neural networks" (1997); concatenated as by default in Keras.</remarks>
public sealed class BidirectionalLayer : Layer
{
    private readonly SequenceLayer _layer;

    /// <summary>A layer that goes in both directions.</summary>
    /// <param name="layer">A <see cref="RecurrentLayer"/>, <see cref="LstmLayer"/> or <see cref="GruLayer"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="layer"/> is of another kind.</exception>
    public BidirectionalLayer(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        _layer = layer as SequenceLayer
            ?? throw new ArgumentException($"A bidirectional layer runs a RecurrentLayer, LstmLayer or GruLayer in both directions; '{layer}' was given.", nameof(layer));
    }

    /// <summary>What goes in both directions.</summary>
    public SequenceLayer Layer => _layer;

    /// <summary>Such as "Bidirectional [LSTM 64]".</summary>
    public override string ToString() => $"Bidirectional [{Layer}]";

    internal static Layer Read(LayerReader reader) => new BidirectionalLayer(LayerKinds.ReadSequenceLayer(reader));

    /// <summary>The layer: byte kind, then what that writes.</summary>
    internal override void Write(BinaryWriter writer) => LayerKinds.Write(Layer, writer);

    internal override Shape OutputShape(Shape input)
    {
        var sizes = _layer.SizesOn(input);
        CheckTwice((long)sizes.Steps * 2 * _layer.Units, "outputs");
        CheckTwice(2L * sizes.Cache.PerRow, "values that it keeps");
        return _layer.ReturnSequences ? new Shape(sizes.Steps, 2 * _layer.Units) : 2 * _layer.Units;

        static void CheckTwice(long perRow, string what)
        {
            if (perRow > AlignedBuffer.MaxLength)
                throw new ArgumentOutOfRangeException(nameof(input), FormattableString.Invariant($"A bidirectional layer has {perRow:N0} {what} for each row; at most {AlignedBuffer.MaxLength:N0} are possible."));
        }
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var parameters = _layer.Parameters(input);
        return [.. parameters.Select(parameter => parameter with { Name = $"forward {parameter.Name}" }), .. parameters.Select(parameter => parameter with { Name = $"backward {parameter.Name}" })];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        _layer.Initialize(layer, random, direction: 0);
        _layer.Initialize(layer, random, direction: 1);
    }

    internal override LayerMemory Cache(Shape input) => new(2 * _layer.Cache(input).PerRow);

    /// <summary>Used by one direction after the other.</summary>
    internal override LayerMemory Scratch(Shape input) => _layer.Scratch(input);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => new OnnxRecurrence(_layer, layer, directions: 2).Add(input);

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(new RecurrentDirection(_layer, layer, direction: 0), new RecurrentDirection(_layer, layer, direction: 1));

    private sealed class Passes(RecurrentDirection forward, RecurrentDirection backward) : LayerPasses
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            var half = pass.Cache.Length / 2;
            forward.Forward(in pass, pass.Cache[..half]);
            backward.Forward(in pass, pass.Cache[half..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            var half = pass.Cache.Length / 2;
            forward.Backward(in pass, pass.Cache[..half], addsInputGradient: false);
            backward.Backward(in pass, pass.Cache[half..], addsInputGradient: true);
        }
    }
}
