namespace MLNet.DenseNet.Engine;

/// <summary>A layer in its place in a network: with its shapes and its parameters.</summary>
public sealed class NetworkLayer
{
    private readonly Parameter[] _parameters;

    /// <param name="index">The position.</param>
    /// <param name="stream">The number of its random bits; those of the layers inside it follow.</param>
    /// <param name="layer">What stands there.</param>
    /// <param name="inputShape">The shape before it.</param>
    /// <param name="parameters">In the order of <see cref="Layer.AllParameters"/>; of an ensemble, those of all members.</param>
    internal NetworkLayer(int index, int stream, Layer layer, Shape inputShape, IReadOnlyList<Parameter> parameters)
    {
        (Index, Stream) = (index, stream);
        Layer = layer;
        InputShape = inputShape;
        OutputShape = layer.OutputShape(inputShape);
        _parameters = [.. parameters];
        Inner = PlaceInner();
    }

    /// <summary>The position in the network, from 0; in an ensemble counted on from member to member. Of a layer inside another one, the position there.</summary>
    public int Index { get; }

    /// <summary>The number by which its random bits differ from those of all other layers of the network: its position where every layer inside another counts too.</summary>
    internal int Stream { get; }

    /// <summary>What the layer does.</summary>
    public Layer Layer { get; }

    /// <summary>The shape of one row of its input.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one row of its output.</summary>
    public Shape OutputShape { get; }

    /// <summary>Its parameters, with those of the layers inside it; none for a layer such as dropout.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The layers inside it in their places; none in most kinds.</summary>
    internal IReadOnlyList<NetworkLayer> Inner { get; }

    /// <summary>The number of its trained values.</summary>
    public int ParameterCount => Parameters.Where(p => p.IsTrained).Sum(p => p.Shape.Size);

    /// <summary>One of the layer's own parameters, those of the layers inside it not counted.</summary>
    internal Parameter Parameter(int index) => _parameters[index];

    private NetworkLayer[] PlaceInner()
    {
        var layers = Layer.InnerLayers;
        if (layers.Count == 0)
            return [];
        var places = new NetworkLayer[layers.Count];
        var (inputs, stream, next) = (Layer.InnerInputs(InputShape), Stream + 1, Layer.Parameters(InputShape).Count);
        for (var i = 0; i < places.Length; i++)
        {
            var end = next + layers[i].AllParameters(inputs[i]).Count;
            places[i] = new NetworkLayer(i, stream, layers[i], inputs[i], _parameters[next..end]);
            (stream, next) = (stream + layers[i].Count, end);
        }

        return places;
    }

    /// <param name="members">How many members of an ensemble have this layer; 1 outside an ensemble.</param>
    internal LayerSummary Summary(int members) => new(
        $"{Layer}", Layer.OutputActivation?.Name, InputShape, OutputShape, checked(members * ParameterCount), checked(members * (OutputShape.Size + Layer.Cache(InputShape).PerRow)))
    {
        Members = members,
        Layers = [.. Inner.Select(inner => inner.Summary(members))],
    };

    /// <summary>A line for a person, such as "Dense 64 ReLU: 128 -> 64, 8256 parameters".</summary>
    public override string ToString() => $"{Layer}: {InputShape} -> {OutputShape}, {ParameterCount} parameters";
}
