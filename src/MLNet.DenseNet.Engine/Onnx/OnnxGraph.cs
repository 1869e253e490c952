namespace MLNet.DenseNet.Engine;

/// <summary>
/// A computation in the terms of ONNX, https://onnx.ai/onnx/operators: nodes in the order in which they can be run, and constants. It uses operators as the versions 9 to 12 of the standard define them all alike, which any runtime reads;
/// what they lack, such as GELU or layer normalization, is composed.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxConstant> _constants = [];
    private readonly List<(string Name, Shape Shape)> _inputs = [];
    private readonly List<(string Name, Shape Shape)> _outputs = [];

    /// <summary>The oldest version of the standard's operators that all nodes are right in.</summary>
    public const int OldestOperators = 9;

    /// <summary>The latest one.</summary>
    public const int LatestOperators = 12;

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyList<OnnxConstant> Constants => _constants;

    /// <summary>What comes in: names, with the shape of a row. The dimension before it is that of the batch.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Inputs => _inputs;

    /// <summary>What goes out.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Outputs => _outputs;

    /// <summary>Declares an input.</summary>
    /// <returns>Its name.</returns>
    public string Input(string name, Shape shape)
    {
        _inputs.Add((name, shape));
        return name;
    }

    /// <summary>Makes a value an output.</summary>
    /// <param name="value">The value, with any dimensions of so many elements a row.</param>
    /// <param name="name">What the output is called.</param>
    /// <param name="shape">The shape of a row.</param>
    public void Output(string value, string name, Shape shape)
    {
        _nodes.Add(new OnnxNode("Identity", [value], [name], []));
        _outputs.Add((name, shape));
    }

    /// <summary>Adds an operation of one output.</summary>
    /// <returns>The name of what it puts out.</returns>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var output = $"{operation}{_nodes.Count}";
        _nodes.Add(new OnnxNode(operation, inputs.ToArray(), [output], attributes.ToArray()));
        return output;
    }

    /// <summary>Adds an operation of which one output is needed, such as the second one.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="output">Which output.</param>
    /// <param name="inputs">As of <see cref="OnnxNode"/>.</param>
    /// <param name="attributes">As of <see cref="OnnxNode"/>.</param>
    /// <returns>The name of that output.</returns>
    public string NodeOutput(string operation, int output, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var name = $"{operation}{_nodes.Count}";
        _nodes.Add(new OnnxNode(operation, inputs.ToArray(), [.. Enumerable.Repeat("", output), name], attributes.ToArray()));
        return name;
    }

    /// <summary>Adds an array of numbers.</summary>
    /// <param name="name">What it is, in a word or two; its name begins so.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="dimensions">The extents; none for one dimension of all values.</param>
    /// <returns>Its name.</returns>
    public string Constant(string name, float[] values, params ReadOnlySpan<int> dimensions) => Add(name, values, dimensions);

    /// <summary>Adds whole numbers, of one dimension.</summary>
    /// <inheritdoc cref="Constant(string, float[], ReadOnlySpan{int})"/>
    public string Constant(string name, params long[] values) => Add(name, values, []);

    /// <summary>Adds a single number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Its name.</returns>
    public string Number(float value) => Add("number", new[] { value }, [1]);

    /// <summary>Some columns of (rows x any): (rows x as many).</summary>
    public string Columns(string value, IEnumerable<int> columns) => Node("Gather", [value, Constant("columns", [.. columns.Select(column => (long)column)])], ("axis", 1L));

    /// <summary>Gives the rows of a value other dimensions; the batch's stays.</summary>
    public string Reshape(string value, params ReadOnlySpan<int> dimensions)
    {
        // A 0 stands for the dimension of the input in the same place.
        var extents = new long[dimensions.Length + 1];
        for (var i = 0; i < dimensions.Length; i++)
            extents[i + 1] = dimensions[i];
        return Node("Reshape", [value, Constant("shape", extents)]);
    }

    public string Transpose(string value, params long[] order) => Node("Transpose", [value], ("perm", order));

    private string Add(string name, Array values, ReadOnlySpan<int> dimensions)
    {
        var unique = $"{name.Replace(' ', '_')}_{_constants.Count}";
        var extents = new long[dimensions.IsEmpty ? 1 : dimensions.Length];
        extents[0] = values.Length;
        for (var i = 0; i < dimensions.Length; i++)
            extents[i] = dimensions[i];
        _constants.Add(new OnnxConstant(unique, values, extents));
        return unique;
    }
}
