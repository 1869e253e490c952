namespace MLNet.DenseNet.Engine;

/// <summary>Recurrent layers in ONNX graphs: by the operators RNN, LSTM and GRU, which take steps first; where they lack an activation, step by step.</summary>
/// <param name="layer">What goes over the sequences.</param>
/// <param name="place">Its place, or that of the bidirectional layer that it is a part of.</param>
/// <param name="directions">1, or 2 for both.</param>
internal sealed class OnnxRecurrence(SequenceLayer layer, NetworkLayer place, int directions)
{
    private readonly RecurrentSizes _sizes = layer.SizesOn(place.InputShape);

    public OnnxRows Add(OnnxRows input)
    {
        var output = _sizes.Cell.OnnxOperator is { } operation ? ByOperator(input, operation) : StepByStep(input);
        return OnnxRows.Of(input.Graph, place.OutputShape, output).WithMissingOf(input);
    }

    private string ByOperator(OnnxRows input, string operation)
    {
        var graph = input.Graph;
        var steps = graph.Transpose(input.ChannelsLast, 1, 0, 2);
        var (sums, units) = (_sizes.Sums, _sizes.Units);
        var weights = graph.Constant("weights", Ordered(SequenceLayer.Weights, _sizes.Channels), directions, sums, _sizes.Channels);
        var recurrent = graph.Constant("recurrent weights", Ordered(SequenceLayer.RecurrentWeights, units), directions, sums, units);
        var bias = graph.Constant("bias", Biases(), directions, 2 * sums);
        (string, object)[] attributes =
        [
            ("hidden_size", (long)units), ("direction", directions == 2 ? "bidirectional" : "forward"), .. _sizes.Cell.OnnxAttributes(directions),
        ];
        // All states are (steps x directions x batch x units), the last ones (directions x batch x units).
        return layer.ReturnSequences
            ? graph.Reshape(graph.Transpose(graph.NodeOutput(operation, 0, [steps, weights, recurrent, bias], attributes), 2, 0, 1, 3), _sizes.Steps, directions * units)
            : graph.Reshape(graph.Transpose(graph.NodeOutput(operation, 1, [steps, weights, recurrent, bias], attributes), 1, 0, 2), directions * units);
    }

    /// <summary>The weights of all directions, (directions x sums x inputs), with the gates in ONNX's order.</summary>
    private float[] Ordered(int parameter, int inputs)
    {
        var (sums, ordered) = (_sizes.Sums, new float[directions * _sizes.Sums * inputs]);
        for (var direction = 0; direction < directions; direction++)
        {
            var values = Parameter(direction, parameter);
            for (var sum = 0; sum < sums; sum++)
            {
                for (var input = 0; input < inputs; input++)
                    ordered[(direction * sums + sum) * inputs + input] = values[input * sums + Source(sum)];
            }
        }

        return ordered;
    }

    /// <summary>(directions x 2 sums): the biases of the inputs, then those of the states.</summary>
    private float[] Biases()
    {
        var (sums, biases) = (_sizes.Sums, new float[directions * 2 * _sizes.Sums]);
        for (var direction = 0; direction < directions; direction++)
        {
            var own = Parameter(direction, SequenceLayer.Bias);
            var recurrent = _sizes.Cell.HasRecurrentSums ? Parameter(direction, SequenceLayer.RecurrentBias) : new float[sums];
            for (var sum = 0; sum < sums; sum++)
            {
                biases[2 * direction * sums + sum] = own[Source(sum)];
                biases[(2 * direction + 1) * sums + sum] = recurrent[Source(sum)];
            }
        }

        return biases;
    }

    /// <summary>The place of a sum of ONNX among ours: both have all units of a gate, then those of the next.</summary>
    private int Source(int sum) => _sizes.Cell.OnnxGates[sum / _sizes.Units] * _sizes.Units + sum % _sizes.Units;

    private float[] Parameter(int direction, int parameter) => place.Parameter(direction * SequenceLayer.ParameterCount(_sizes.Cell) + parameter).ToArray();

    private string StepByStep(OnnxRows input)
    {
        string[] states = [.. Enumerable.Range(0, directions).Select(direction => StepByStep(input, direction))];
        return directions == 1 ? states[0] : input.Graph.Node("Concat", states, ("axis", layer.ReturnSequences ? 2L : 1L));
    }

    /// <summary>h = f(x W + b + h' U), from the first step to the last, or from the last to the first.</summary>
    private string StepByStep(OnnxRows input, int direction)
    {
        var (graph, units) = (input.Graph, _sizes.Units);
        var products = graph.Node("MatMul", [input.ChannelsLast, graph.Constant("weights", Parameter(direction, SequenceLayer.Weights), _sizes.Channels, units)]);
        var sums = graph.Node("Add", [products, graph.Constant("bias", Parameter(direction, SequenceLayer.Bias))]);
        // A sequence of one step has no state before, and runtimes warn of constants that nothing uses.
        var recurrent = _sizes.Steps == 1 ? "" : graph.Constant("recurrent weights", Parameter(direction, SequenceLayer.RecurrentWeights), units, units);
        var states = new string[_sizes.Steps];
        string? before = null;
        for (var i = 0; i < states.Length; i++)
        {
            var step = direction == 0 ? i : states.Length - 1 - i;
            var sum = graph.Reshape(graph.Node("Gather", [sums, graph.Constant("step", step)], ("axis", 1L)), units);
            if (before is not null)
                sum = graph.Node("Add", [sum, graph.Node("MatMul", [before, recurrent])]);
            before = _sizes.Cell.ActivationToOnnx(OnnxRows.Of(graph, units, sum)).ChannelsLast;
            states[step] = before;
        }

        return layer.ReturnSequences ? graph.Node("Concat", [.. states.Select(state => graph.Reshape(state, 1, units))], ("axis", 1L)) : before!;
    }
}
