namespace MLNet.DenseNet.Engine;

/// <summary>A layer in its place in a network: with its shapes and its parameters.</summary>
public sealed class NetworkLayer
{
    private readonly Parameter[] _parameters;

    internal NetworkLayer(int index, Layer layer, Shape inputShape, IReadOnlyList<Parameter> parameters)
    {
        Index = index;
        Layer = layer;
        InputShape = inputShape;
        OutputShape = layer.OutputShape(inputShape);
        _parameters = [.. parameters];
    }

    /// <summary>The position in the network, from 0; in an ensemble counted on from member to member.</summary>
    public int Index { get; }

    /// <summary>What the layer does.</summary>
    public Layer Layer { get; }

    /// <summary>The shape of one row of its input.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one row of its output.</summary>
    public Shape OutputShape { get; }

    /// <summary>Its parameters; none for a layer such as dropout.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The number of its trained values.</summary>
    public int ParameterCount => Parameters.Where(p => p.IsTrained).Sum(p => p.Shape.Size);

    internal Parameter Parameter(int index) => _parameters[index];

    /// <param name="members">How many members of an ensemble have this layer; 1 outside an ensemble.</param>
    internal LayerSummary Summary(int members) => new(
        $"{Layer}", Layer.OutputActivation?.Name, InputShape, OutputShape, checked(members * ParameterCount), checked(members * (OutputShape.Size + Layer.Cache(InputShape).PerRow)))
    {
        Members = members,
    };

    /// <summary>A line for a person, such as "Dense 64 ReLU: 128 -> 64, 8256 parameters".</summary>
    public override string ToString() => $"{Layer}: {InputShape} -> {OutputShape}, {ParameterCount} parameters";
}
