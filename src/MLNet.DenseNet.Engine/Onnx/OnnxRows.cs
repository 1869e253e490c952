namespace MLNet.DenseNet.Engine;

/// <summary>
/// A batch of rows in an ONNX graph: (batch x dimensions of the shape), where channels are last, as networks have them, or first, as convolutions of ONNX take them. The other order is made where it is asked for, so that layers one after
/// the other that take channels first cost no transposition between them.
/// </summary>
internal sealed class OnnxRows
{
    private string? _channelsLast;
    private string? _channelsFirst;

    private OnnxRows(OnnxGraph graph, Shape shape, string? channelsLast, string? channelsFirst) => (Graph, Shape, _channelsLast, _channelsFirst) = (graph, shape, channelsLast, channelsFirst);

    public OnnxGraph Graph { get; }

    /// <summary>That of a row, with channels last.</summary>
    public Shape Shape { get; }

    /// <summary>The value with channels last. Without positions, this and <see cref="ChannelsFirst"/> are the same.</summary>
    public string ChannelsLast => _channelsLast ??= Rank switch
    {
        1 => _channelsFirst!,
        2 => Graph.Transpose(_channelsFirst!, 0, 2, 1),
        _ => Graph.Transpose(_channelsFirst!, 0, 2, 3, 1),
    };

    /// <summary>The value with channels first, of at most three dimensions a row.</summary>
    public string ChannelsFirst => _channelsFirst ??= Rank switch
    {
        1 => _channelsLast!,
        2 => Graph.Transpose(_channelsLast!, 0, 2, 1),
        _ => Graph.Transpose(_channelsLast!, 0, 3, 1, 2),
    };

    /// <summary>The value as plain rows, (batch x size), channels last.</summary>
    public string Plain => Rank == 1 ? ChannelsLast : Graph.Reshape(ChannelsLast, Shape.Size);

    /// <summary>The number of dimensions of a row.</summary>
    public int Rank => Shape.Dimensions.Length;

    private bool AreChannelsFirst => _channelsLast is null;

    /// <summary>Rows whose channels are last.</summary>
    public static OnnxRows Of(OnnxGraph graph, Shape shape, string value) => new(graph, shape, value, null);

    /// <summary>Rows that come plain, (batch x size).</summary>
    public static OnnxRows OfPlain(OnnxGraph graph, Shape shape, string value) => Of(graph, shape, shape.Dimensions.Length == 1 ? value : graph.Reshape(value, shape.Dimensions));

    /// <summary>Rows whose channels are first.</summary>
    public static OnnxRows OfChannelsFirst(OnnxGraph graph, Shape shape, string value) => new(graph, shape, null, value);

    /// <summary>What a function of single elements makes of them, in the order that they have.</summary>
    public OnnxRows Map(Func<string, string> function) =>
        AreChannelsFirst ? new OnnxRows(Graph, Shape, null, function(_channelsFirst!)) : new OnnxRows(Graph, Shape, function(_channelsLast!), null);

    /// <summary>What a function makes of them that goes along the channels, or knows their places.</summary>
    public OnnxRows MapChannelsLast(Func<string, string> function) => new(Graph, Shape, function(ChannelsLast), null);

    /// <summary>The same as <see cref="Map"/>, of two batches of one shape.</summary>
    public OnnxRows Combine(string operation, OnnxRows other) =>
        Map(value => Graph.Node(operation, [value, AreChannelsFirst ? other.ChannelsFirst : other.ChannelsLast]));

    /// <summary>Each value with the number of its channel: "Add" or "Mul".</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="name">What the numbers are.</param>
    /// <param name="channels">A number for each channel.</param>
    public OnnxRows WithChannels(string operation, string name, float[] channels) => Map(value => Graph.Node(operation, [value, (AreChannelsFirst ? Rank : 1) switch
    {
        1 => Graph.Constant(name, channels),
        2 => Graph.Constant(name, channels, channels.Length, 1),
        _ => Graph.Constant(name, channels, channels.Length, 1, 1),
    }]));

    /// <summary>1 where a value is not-a-number, else 0.</summary>
    public OnnxRows AreMissing() => Map(value => Graph.Node("Cast", [Graph.Node("IsNaN", [value])], ("to", OnnxTypes.Float)));

    /// <summary>Not-a-number where another batch of this shape is not 0: behind operators that put a number in its place.</summary>
    public OnnxRows WithMissing(OnnxRows areMissing) =>
        Map(value => NotANumberWhere(AreChannelsFirst ? areMissing.ChannelsFirst : areMissing.ChannelsLast, value));

    /// <summary>The same in whole rows, of which another batch has any.</summary>
    public OnnxRows WithMissingOf(OnnxRows other)
    {
        var anyIsMissing = Graph.Node("ReduceMax", [other.AreMissing().Plain], ("axes", (long[])[1]), ("keepdims", 1L));
        return OfPlain(Graph, Shape, NotANumberWhere(anyIsMissing, Plain));
    }

    /// <summary>The same values in the same order as rows of another shape.</summary>
    public OnnxRows Reshaped(Shape shape) => new(Graph, shape, Graph.Reshape(ChannelsLast, shape.Dimensions), null);

    private string NotANumberWhere(string isNotZero, string value) => Graph.Node("Where", [Graph.Node("Cast", [isNotZero], ("to", OnnxTypes.Boolean)), Graph.Number(float.NaN), value]);
}
