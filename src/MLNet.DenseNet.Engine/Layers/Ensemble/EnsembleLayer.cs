using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// An ensemble: the same layers several times over, each time with parameters of their own, side by side on the same input. Its output is the mean of what the
/// members put out before the activation that ends them (logits, or numbers to predict), then that activation. The last layer of its network; no layer before it is trained.
/// </summary>
/// <remarks>
/// Each member is trained by its own loss, as if it were alone, with limits on gradients of its own; losses and metrics of the training rows are reported of the members' mean. The parameters of layer i of member m are named "weights m.i" and so on, both from 1. The first member begins with
/// the weights that a network of its layers alone has. Lakshminarayanan, Pritzel and Blundell, "Simple and scalable predictive uncertainty estimation using deep
/// ensembles" (2017): other initial weights make members different enough. The mean there is that of probabilities, here of logits.
/// </remarks>
public sealed class EnsembleLayer : Layer
{
    /// <summary>The most members.</summary>
    internal const int MaxMembers = 100;

    private readonly Layer[] _layers;

    /// <summary>An ensemble of networks of these layers.</summary>
    /// <param name="members">How many, 1 to 100.</param>
    /// <param name="layers">The layers of each member, at least one and at most 10,000 in all members together; the last is the output layer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">There is no layer, there are too many, or one is an ensemble itself.</exception>
    public EnsembleLayer(int members, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        CheckCounts(members, layers.Count);
        foreach (var layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            if (layer is EnsembleLayer)
                throw new ArgumentException("The members of an ensemble cannot be ensembles.", nameof(layers));
        }

        Members = members;
        _layers = [.. layers];
    }

    /// <summary>How many members there are.</summary>
    public int Members { get; }

    /// <summary>The layers of each member.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Such as "Ensemble of 4 [Dense 64 ReLU, Dense 1 identity]".</summary>
    public override string ToString() => $"Ensemble of {Members} [{string.Join(", ", Layers)}]";

    internal override Activation? OutputActivation => _layers[^1].OutputActivation;

    internal override bool TakesSparse => _layers[0].TakesSparse;

    internal static Layer Read(BinaryReader reader)
    {
        var members = reader.ReadInt32();
        var count = reader.ReadInt32();
        CheckCounts(members, count);
        var layers = new Layer[count];
        for (var i = 0; i < count; i++)
            layers[i] = LayerKinds.Read(reader, mayBeEnsemble: false);
        return new EnsembleLayer(members, layers);
    }

    private static void CheckCounts(int members, int layers)
    {
        if (members is < 1 or > MaxMembers)
            throw new ArgumentOutOfRangeException(nameof(members), members, $"An ensemble has 1 to {MaxMembers} members.");
        if (layers < 1 || (long)layers * members > MaxCount)
            throw new ArgumentException(FormattableString.Invariant($"The members of an ensemble have 1 to {MaxCount:N0} layers in all; {members} of {layers:N0} each were given."), nameof(layers));
    }

    /// <summary>Says no to layers that would be trained by the loss of several members or of none.</summary>
    internal static void CheckPlace(List<NetworkLayer> layers)
    {
        var index = layers.FindIndex(layer => layer.Layer is EnsembleLayer);
        if (index >= 0 && (index < layers.Count - 1 || layers.Take(index).Any(layer => layer.ParameterCount > 0)))
            throw new ArgumentException($"An ensemble must be the last layer of a network, after layers that are not trained; it is layer {index} of [{string.Join("; ", layers)}].", nameof(layers));
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Members);
        writer.Write(_layers.Length);
        foreach (var layer in _layers)
            LayerKinds.Write(layer, writer);
    }

    internal override Layer WithoutActivation() => new EnsembleLayer(Members, UpToLogits);

    internal override Shape OutputShape(Shape input) => _layers.Aggregate(input, (shape, layer) => layer.OutputShape(shape));

    /// <summary>Member by member, so that what is trained of one lies together.</summary>
    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var parameters = new List<(ParameterSpecification Parameter, int Layer)>();
        for (var i = 0; i < _layers.Length; i++)
        {
            parameters.AddRange(_layers[i].Parameters(input).Select(parameter => (parameter, i + 1)));
            input = _layers[i].OutputShape(input);
        }

        return [.. Enumerable.Range(1, Members).SelectMany(member => parameters.Select(p => p.Parameter with { Name = $"{p.Parameter.Name} {member}.{p.Layer}" }))];
    }

    internal override NetworkLayer[][] BindMembers(int index, Shape input, IReadOnlyList<Parameter> parameters)
    {
        var each = parameters.Count / Members;
        return [.. Enumerable.Range(0, Members).Select(member => Bind(index + member * _layers.Length, input, [.. parameters.Skip(member * each).Take(each)]))];
    }

    /// <summary>Two layers' outputs, of one member at a time, and what all of them put out. Nothing is kept: each member is trained as a network of its own.</summary>
    internal override int ScratchPerRow(Shape input) => checked((int)Scratch(input));

    internal override long ValuesPerRow(Shape input)
    {
        var values = Scratch(input) + OutputShape(input).Size;
        foreach (var layer in _layers)
        {
            values += Members * layer.ValuesPerRow(input);
            input = layer.OutputShape(input);
        }

        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Forward(in ForwardPass pass)
    {
        var members = pass.Layer.Members;
        var (signal, length) = (pass.Rows * Widest(members[0]), pass.Output.Length);
        fixed (float* signals = pass.Cache, output = pass.Output)
        {
            var outputs = signals + 2 * (nint)signal;
            for (var member = 0; member < members.Length; member++)
            {
                var layers = members[member];
                var input = pass.IsSparse ? pass.SparseInput : (InputRows)pass.Input;
                for (var i = 0; i < layers.Length; i++)
                {
                    var layer = layers[i];
                    var to = i == layers.Length - 1 ? outputs + (nint)member * length : signals + (i & 1) * (nint)signal;
                    var units = layer.OutputShape.Size;
                    layer.Layer.Forward(new ForwardPass(layer, input, new Span<float>(to, pass.Rows * units), cache: [], pass.Training, pass.Team, pass.Saturates));
                    input = new MatrixRows(to, pass.Rows, units);
                }
            }

            MeanOfBlocks.Run(outputs, members.Length, length, output);
            var (outputUnits, whole) = (pass.Layer.OutputShape.Size, MatrixPart.Whole(pass.Rows, pass.Layer.OutputShape.Size));
            if (pass.Saturates)
                Saturation.Run(output, outputUnits, whole);
            OutputActivation?.Forward(output, output, outputUnits, whole);
        }
    }

    /// <summary>Not called: each member is trained as a network of its own.</summary>
    internal override void Backward(in BackwardPass pass) => throw new NotSupportedException("An ensemble is trained member by member.");

    private Layer[] UpToLogits => [.. _layers.SkipLast(1), _layers[^1].WithoutActivation()];

    /// <summary>One member's layers in their places, each with an index of its own, for which it draws its random numbers.</summary>
    private NetworkLayer[] Bind(int index, Shape shape, IReadOnlyList<Parameter> parameters)
    {
        var (bound, taken) = (new List<NetworkLayer>(_layers.Length), 0);
        foreach (var layer in UpToLogits)
        {
            var count = layer.Parameters(shape).Count;
            bound.Add(new NetworkLayer(index + bound.Count, layer, shape, [.. parameters.Skip(taken).Take(count)]));
            (taken, shape) = (taken + count, bound[^1].OutputShape);
        }

        return [.. bound];
    }

    private long Scratch(Shape input)
    {
        var (widest, output) = (0, input);
        foreach (var layer in _layers)
            widest = Math.Max(widest, (output = layer.OutputShape(output)).Size);
        return 2L * widest + (long)Members * output.Size;
    }

    private static int Widest(NetworkLayer[] layers)
    {
        var widest = 0;
        foreach (var layer in layers)
            widest = Math.Max(widest, layer.OutputShape.Size);
        return widest;
    }
}
