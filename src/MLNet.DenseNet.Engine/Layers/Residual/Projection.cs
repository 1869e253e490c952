namespace MLNet.DenseNet.Engine;

/// <summary>What brings the input of a residual layer to the shape that its layers make of it: at each position of the output, weighted sums of the channels at one position of the input.</summary>
/// <param name="Channels">Values at a position of the input. Where the output is plain units, the whole input is one position.</param>
/// <param name="OutputChannels">Values at a position of the output.</param>
/// <param name="Down">The positions down an image; a single one elsewhere.</param>
/// <param name="Across">The positions across an image or along a sequence; a single one for plain units.</param>
internal readonly record struct Projection(int Channels, int OutputChannels, WindowAxis Down, WindowAxis Across)
{
    /// <summary>Positions of the output.</summary>
    public int Positions => Down.Output * Across.Output;

    /// <summary>Whether it leaves positions of the input out.</summary>
    public bool IsStrided => Down.Stride > 1 || Across.Stride > 1;

    /// <summary>Whether the whole input is one position.</summary>
    public bool IsWholeRow => Positions == 1 && !IsStrided;

    /// <returns>Null where the shapes are the same and nothing is needed.</returns>
    /// <exception cref="ArgumentException">The shapes cannot be brought together.</exception>
    public static Projection? Of(Shape input, Shape output)
    {
        if (input == output)
            return null;
        var from = input.Dimensions;
        var to = output.Dimensions;
        if (to.Length == 1)
            return new Projection(input.Size, output.Size, WindowAxis.Single, WindowAxis.Single);
        if (from.Length != to.Length || to.Length > 3)
            throw new ArgumentException($"Its layers make {output} of it. It needs layers that make an image of an image, a sequence of a sequence, or plain units.");
        return to.Length == 3
            ? new Projection(from[2], to[2], Axis(from[0], to[0], "down", output), Axis(from[1], to[1], "across", output))
            : new Projection(from[1], to[1], WindowAxis.Single, Axis(from[0], to[0], "along it", output));
    }

    /// <summary>Where the position of the input that each position of the output is made of begins in a row.</summary>
    public int[] Starts()
    {
        var starts = new int[Positions];
        for (var position = 0; position < starts.Length; position++)
        {
            var (down, across) = Math.DivRem(position, Across.Output);
            starts[position] = (down * Down.Stride * Across.Input + across * Across.Stride) * Channels;
        }

        return starts;
    }

    /// <summary>Adds x P to an ONNX graph: a product of plain rows, or a convolution of one position.</summary>
    public OnnxRows ToOnnx(OnnxRows input, Parameter weights, Shape output)
    {
        var graph = input.Graph;
        if (output.Dimensions.Length == 1)
            return OnnxRows.Of(graph, output, graph.Node("MatMul", [input.Plain, graph.Constant("projection", weights.ToArray(), Channels, OutputChannels)]));
        var window = new WindowGeometry(Channels, output.Dimensions.Length == 3, Down, Across);
        var filters = OnnxWindow.Weights(graph, window, weights.ToArray(), OutputChannels);
        return OnnxRows.OfChannelsFirst(graph, output, graph.Node("Conv", [input.ChannelsFirst, filters], [.. OnnxWindow.Attributes(window)]));
    }

    /// <summary>The way of a window of one position, with the smallest stride that leads to as many positions.</summary>
    private static WindowAxis Axis(int input, int output, string direction, Shape made)
    {
        var stride = (int)(((long)input + output - 1) / output);
        var axis = WindowAxis.Of(input, window: 1, stride, dilation: 1, Padding.Valid, direction);
        return axis.Output == output ? axis : throw new ArgumentException(FormattableString.Invariant(
            $"Its layers make {made} of it. It needs as many positions {direction} as a stride leaves of {input}, and none leaves {output}; windows with padding 'Same' keep all, or those of their stride."));
    }
}
