using System.Buffers;
using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// A feed-forward network: a list of layers with float32 parameters. Reading it and predicting are safe from
/// many threads at once as long as nobody changes parameters.
/// </summary>
/// <example>
/// <code>
/// var network = Network.Create(inputShape: 4, [new DenseLayer(16, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);
/// float[] probabilities = network.Predict([5.1f, 3.5f, 1.4f, 0.2f]);
/// </code>
/// </example>
public sealed class Network : IOnnxExportable
{
    // Arrays, since an interface call for each layer would slow down the prediction of a single row.
    private readonly NetworkLayer[] _layers;
    private readonly LayerPasses[] _passes;
    private readonly Parameter[] _parameters;
    private readonly Parameter[] _trainedParameters;
    private readonly Network[] _single;
    private readonly ParameterBuffer _buffer;

    /// <param name="inputShape">The shape of one row of input.</param>
    /// <param name="layers">The layers in their places, in order.</param>
    /// <param name="buffer">Holds this network's own parameters. The members of an ensemble have buffers of their own, and the layers that they share lie in the ensemble's.</param>
    /// <param name="ensemble">The members, where the last layer is an ensemble; else null.</param>
    internal Network(Shape inputShape, NetworkLayer[] layers, ParameterBuffer buffer, Ensemble? ensemble = null)
    {
        InputShape = inputShape;
        Ensemble = ensemble;
        _layers = layers;
        _buffer = buffer;
        _passes = [.. layers.Select(place => place.Layer.Bind(place)).OfType<LayerPasses>()];
        _parameters = [.. layers.SelectMany(l => l.Parameters)];
        _trainedParameters = [.. _parameters.Where(p => p.IsTrained)];
        _single = [this];
    }

    /// <summary>The shape of one row of input.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one row of output.</summary>
    public Shape OutputShape => _layers[^1].OutputShape;

    /// <summary>The layers in order of the forward pass.</summary>
    public IReadOnlyList<NetworkLayer> Layers => _layers;

    /// <summary>Every layer's parameters in order.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The passes of all layers, or of those before an ensemble, in order of the forward pass.</summary>
    internal ReadOnlySpan<LayerPasses> Passes => _passes;

    internal ReadOnlySpan<NetworkLayer> LayerSpan => _layers;

    internal int LastLayer => _layers.Length - 1;

    internal ReadOnlySpan<Parameter> TrainedParameters => _trainedParameters;

    /// <summary>Whatever training changes: trained parameters and running statistics, in order.</summary>
    internal IEnumerable<Parameter> LearnedParameters => _parameters.Where(parameter => parameter.Role != ParameterRole.Constant);

    /// <summary>The ensemble that ends the network; null where none does.</summary>
    internal Ensemble? Ensemble { get; }

    /// <summary>The networks that learn, each by its own loss: this one, or the members of its ensemble.</summary>
    internal ReadOnlySpan<Network> Members => Ensemble is null ? _single : Ensemble.Members;

    /// <summary>The number of layers before an ensemble; without an ensemble, of all layers.</summary>
    internal int CommonLayers => Ensemble?.CommonLayers ?? _layers.Length;

    /// <summary>The number of trained values.</summary>
    public int ParameterCount => Layers.Sum(l => l.ParameterCount);

    /// <summary>The activation that ends the last layer, or null where that layer has none.</summary>
    internal Activation? OutputActivation => _layers[^1].Layer.OutputActivation;

    /// <summary>Holds this network's own parameters, the trained ones first.</summary>
    internal AlignedBuffer Buffer => _buffer.Values;

    /// <summary>The length of the trained range of the buffer, padding between parameters included.</summary>
    internal int TrainedLength => _buffer.TrainedLength;

    /// <summary>The elements of the trained parameters and the running statistics, which come first in the buffer.</summary>
    internal int LearnedLength => _buffer.LearnedLength;

    /// <summary>The columns of which features may be missing, not-a-number.</summary>
    internal IReadOnlyList<int> MissingColumns => (Layers[0].Layer as MissingValueLayer)?.Columns ?? [];

    /// <summary>The standardization that the network begins with, behind a layer of missing values where there is one; null where there is none.</summary>
    internal NetworkLayer? Standardization => _layers[_layers[0].Layer is MissingValueLayer && _layers.Length > 1 ? 1 : 0] is { Layer: StandardizationLayer } place ? place : null;

    /// <summary>Whether all parameters are finite.</summary>
    internal bool IsFinite => Array.TrueForAll(_parameters, parameter => FiniteValues.All(parameter.Elements));

    /// <summary>Builds a network and initializes its parameters: weights at random in a range that suits the layer's activation, biases as 0.</summary>
    /// <param name="inputShape">The shape of one row of input; a number for plain features.</param>
    /// <param name="layers">At least one, in order of the forward pass.</param>
    /// <param name="seed">Determines the initial weights.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">There is no layer, there are more than 10,000, or a layer does not fit the shape before it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network has more parameters, or more values a row in the outputs of its layers, than one buffer can hold (a little below 2^31).</exception>
    public static Network Create(Shape inputShape, IReadOnlyList<Layer> layers, int seed)
    {
        var network = NetworkBuilder.Build(inputShape, layers);
        foreach (var member in network.Members)
        {
            foreach (var layer in member.Layers)
                Initialize(layer, seed);
        }

        return network;
    }

    private static void Initialize(NetworkLayer layer, int seed)
    {
        layer.Layer.Initialize(layer, new RandomBits((ulong)seed, RandomStreams.Initialization(layer.Stream)));
        foreach (var inner in layer.Inner)
            Initialize(inner, seed);
    }

    /// <summary>Sets the values of one of this network's parameters.</summary>
    /// <param name="parameter">A member of <see cref="Parameters"/>.</param>
    /// <param name="values">As many as its shape holds, row-major, all finite.</param>
    /// <exception cref="ArgumentException">The parameter is not this network's, or the values are too many, too few or not finite.</exception>
    public void SetParameter(Parameter parameter, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Parameters.Contains(parameter))
            throw new ArgumentException("The parameter belongs to another network.", nameof(parameter));
        if (values.Length != parameter.Shape.Size)
            throw new ArgumentException($"The parameter '{parameter.Name}' has {parameter.Shape.Size} values; {values.Length} were given.", nameof(values));
        if (!FiniteValues.All(values))
            throw new ArgumentException($"The values for the parameter '{parameter.Name}' must be finite.", nameof(values));
        parameter.Set(values);
    }

    /// <summary>Allocates the memory for forward passes of batches of up to <paramref name="maxRows"/> rows.</summary>
    /// <param name="maxRows">At least 1.</param>
    /// <param name="threads">The most threads that share the work of a batch, in [1, 1024]. Fewer work while other programs keep the cores busy. With more than one, dispose of the workspace to end them at once. The number changes no bit of a prediction.</param>
    /// <param name="keepsOutputs">Whether <see cref="Workspace.Output"/> gives every layer's output. Otherwise it gives that of the last layer alone: many rows then go through the layers in blocks that fit the caches, and the workspace takes the memory of all last outputs and, for a block of each thread, of the two widest.</param>
    /// <returns>A workspace for this network.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, there are more than 1024 threads, or more rows than one buffer can hold.</exception>
    public Workspace CreateWorkspace(int maxRows, int threads = 1, bool keepsOutputs = true) => new(this, maxRows, threads, keepsOutputs);

    /// <summary>Runs a batch through the network as at prediction; dropout is off.</summary>
    /// <param name="inputs">(rows x input units), row-major.</param>
    /// <param name="workspace">Made by <see cref="CreateWorkspace"/> of this network; afterwards it holds every layer's output, or the last one's.</param>
    /// <returns>(rows x output units), row-major: a view of the workspace, overwritten by the next pass.</returns>
    /// <exception cref="ArgumentException">The inputs are not whole rows or are more than the workspace has room for, or the workspace is another network's.</exception>
    /// <exception cref="ObjectDisposedException">The workspace was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the workspace.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe ReadOnlySpan<float> Forward(ReadOnlySpan<float> inputs, Workspace workspace)
    {
        var rows = CountRows(inputs);
        fixed (float* elements = inputs)
            return Forward(new MatrixRows(elements, rows, InputShape.Size), workspace);
    }

    /// <summary>Runs a batch of sparse rows through the network as at prediction. The outputs are those of the same rows as dense ones, to within rounding.</summary>
    /// <param name="inputs">(rows x input units).</param>
    /// <param name="workspace">Made by <see cref="CreateWorkspace"/> of this network; afterwards it holds every layer's output, or the last one's.</param>
    /// <returns>(rows x output units), row-major: a view of the workspace, overwritten by the next pass.</returns>
    /// <exception cref="ArgumentException">The rows have another number of features, or are more than the workspace has room for, or the workspace is another network's.</exception>
    /// <exception cref="ObjectDisposedException">The workspace was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the workspace.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe ReadOnlySpan<float> Forward(SparseFeatures inputs, Workspace workspace)
    {
        CheckInputs(inputs);
        fixed (float* values = inputs.Values.Span)
        fixed (int* columns = inputs.Columns.Span, starts = inputs.RowStarts.Span)
            return Forward(new CsrMatrix(values, columns, starts, starts + 1, inputs.Rows, inputs.Inputs), workspace);
    }

    /// <summary>The same for a single row, whose columns come from outside and are checked here.</summary>
    /// <param name="values">The stored values.</param>
    /// <param name="columns">The column of each, ascending.</param>
    /// <param name="workspace">Made by <see cref="CreateWorkspace"/> of this network.</param>
    /// <exception cref="ArgumentException">There are not as many columns as values, or one is outside the row, or not after the one before it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal unsafe ReadOnlySpan<float> Forward(ReadOnlySpan<float> values, ReadOnlySpan<int> columns, Workspace workspace)
    {
        const int Few = 256;
        Lengths.Check(columns.Length, values.Length);
        // Checked and used as a copy of this call's own, since another thread may change the original or use the workspace in between.
        var rented = columns.Length > Few ? ArrayPool<int>.Shared.Rent(columns.Length) : null;
        var copy = rented ?? stackalloc int[Few];
        copy = copy[..columns.Length];
        columns.CopyTo(copy);
        try
        {
            if (SparseColumns.FirstWrong(copy, InputShape.Size) is >= 0 and var wrong)
                throw new ArgumentException(SparseColumns.Describe(copy, wrong, InputShape.Size), nameof(columns));
            var (start, end) = (0, values.Length);
            fixed (float* stored = values)
            fixed (int* indices = copy)
                return Forward(new CsrMatrix(stored, indices, &start, &end, 1, InputShape.Size), workspace);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<int>.Shared.Return(rented);
        }
    }

    /// <summary>Runs rows through the network.</summary>
    /// <param name="inputs">(rows x input units), row-major.</param>
    /// <returns>(rows x output units), row-major.</returns>
    /// <exception cref="ArgumentException">The inputs are not whole rows.</exception>
    public float[] Predict(ReadOnlySpan<float> inputs)
    {
        var rows = CountRows(inputs);
        return rows == 0 ? [] : Forward(inputs, CreateWorkspace(rows, keepsOutputs: false)).ToArray();
    }

    /// <summary>Runs sparse rows through the network.</summary>
    /// <param name="inputs">(rows x input units).</param>
    /// <returns>(rows x output units), row-major.</returns>
    /// <exception cref="ArgumentException">The rows have another number of features.</exception>
    public float[] Predict(SparseFeatures inputs)
    {
        CheckInputs(inputs);
        return inputs.Rows == 0 ? [] : Forward(inputs, CreateWorkspace(inputs.Rows, keepsOutputs: false)).ToArray();
    }

    /// <summary>Writes the network in the format that <see cref="Load"/> reads.</summary>
    /// <param name="stream">A writable stream. What it throws reaches the caller unchanged.</param>
    /// <exception cref="ArgumentException">The stream cannot be written to.</exception>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        NetworkWriter.Write(this, writer);
    }

    /// <summary>Reads a network that <see cref="Save"/> wrote.</summary>
    /// <param name="stream">A readable and seekable stream at the start of the network.</param>
    /// <returns>The network, with the same parameters to the bit.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read, or not be sought in.</exception>
    /// <exception cref="FormatException">The data is not a network, damaged, or of a newer version; the message says which.</exception>
    public static Network Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        return NetworkReader.Read(reader);
    }

    /// <summary>The layers with their shapes, numbers of parameters and memory; its text is a table. The layers of an ensemble's members are listed once, with the number of members.</summary>
    /// <returns>The summary. It does not depend on the values of parameters.</returns>
    public NetworkSummary Summary() => new([.. Members[0].Layers.Select((layer, index) => layer.Summary(index < CommonLayers ? 1 : Members.Length))]);

    /// <summary>The layers in a line, such as "Dense 3 ReLU: 2 -> 3, 9 parameters; Dense 1 identity: 3 -> 1, 4 parameters".</summary>
    public override string ToString() => string.Join("; ", Layers);

    /// <summary>A network of the same layers with parameters of its own, the same to the bit.</summary>
    internal Network Copy()
    {
        var copy = NetworkBuilder.Build(InputShape, [.. Layers.Select(l => l.Layer)]);
        copy.CopyParameters(this);
        return copy;
    }

    /// <summary>Takes over the parameters of a network of the same layers.</summary>
    internal void CopyParameters(Network source)
    {
        foreach (var (parameter, other) in _parameters.Zip(source._parameters))
            parameter.CopyFrom(other);
    }

    /// <summary>Puts the outputs in another order: the units of the last layer, in an ensemble of each member's.</summary>
    /// <param name="places">For each output, its index before.</param>
    internal void ReorderOutputs(ReadOnlySpan<int> places)
    {
        foreach (var member in Members)
        {
            foreach (var parameter in member._layers[^1].Parameters)
            {
                var before = parameter.ToArray();
                var after = new float[before.Length];
                for (var i = 0; i < after.Length; i++)
                    after[i] = before[i - i % places.Length + places[i % places.Length]];
                parameter.Set(after);
            }
        }
    }

    /// <summary>The network that a loss trains: this one up to its logits, where the loss includes the output activation as its link; else this.</summary>
    internal Network WithoutLink(Activation? link) => link is not null && link == OutputActivation ? ToLogits() : this;

    /// <summary>This network without its output activation, on the same parameters.</summary>
    internal Network ToLogits()
    {
        var last = _layers[^1];
        var logits = new NetworkLayer(last.Index, last.Stream, last.Layer.WithoutActivation(), last.InputShape, last.Parameters);
        return new Network(InputShape, [.. _layers.SkipLast(1), logits], _buffer, Ensemble);
    }

    /// <summary>This network with its output activation as a layer of its own, on the same parameters: the outputs of the layer before it are the logits.</summary>
    internal Network WithActivationApart()
    {
        if (OutputActivation is not { } activation || activation == Activation.Identity)
            return this;
        var logits = ToLogits();
        var last = logits._layers[^1];
        var apart = new NetworkLayer(last.Index + 1, last.Stream + last.Layer.Count, new ActivationLayer(activation), last.OutputShape, []);
        return new Network(InputShape, [.. logits._layers, apart], _buffer);
    }

    /// <summary>The layers of a network without an ensemble one after the other, on the same parameters: without the sums of all inputs that may stand beside them (<see cref="WideAndDeepLayer"/>). The same network where there are none.</summary>
    internal Network WithoutSumsBeside()
    {
        var last = _layers[^1];
        if (last.Layer is not WideAndDeepLayer wide || wide.Columns.Count < last.InputShape.Size)
            return this;
        var inner = last.Inner.Select(place => new NetworkLayer(last.Index + place.Index, place.Stream, place.Layer, place.InputShape, place.Parameters));
        return new Network(InputShape, [.. _layers.SkipLast(1), .. inner], _buffer);
    }

    /// <summary>The first layers of a network that has no ensemble, on the same parameters.</summary>
    /// <param name="layer">The last of them, from 0.</param>
    internal Network UpTo(int layer) => new(InputShape, _layers[..(layer + 1)], _buffer);

    OnnxGraph IOnnxExportable.ToOnnx()
    {
        var graph = new OnnxGraph();
        var output = NetworkToOnnx.Add(this, OnnxRows.Of(graph, InputShape, graph.Input("input", InputShape)));
        graph.Output(output.ChannelsLast, "output", OutputShape);
        return graph;
    }

    /// <summary>Runs rows through the network: as in a step of training where one is given, else as at prediction.</summary>
    internal ReadOnlySpan<float> Forward(scoped in InputRows inputs, Workspace workspace, TrainingStep? training, ThreadTeam? team = null, int entry = 0) =>
        NetworkPass.Run(this, in inputs, workspace, training, team, entry);

    /// <summary>At prediction, with the workspace's own threads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<float> Forward(scoped in InputRows inputs, Workspace workspace) =>
        workspace?.Team is { } team ? Share(in inputs, workspace, team) : NetworkPass.Run(this, in inputs, workspace!, training: null, team: null);

    private ReadOnlySpan<float> Share(scoped in InputRows inputs, Workspace workspace, ThreadTeam team)
    {
        using var use = workspace.Enter();
        team.BeginStep();
        var outputs = NetworkPass.Run(this, in inputs, workspace, training: null, team);
        team.EndStep(inputs.Rows);
        return outputs;
    }

    internal void CheckInputs(SparseFeatures inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Inputs != InputShape.Size)
            throw new ArgumentException($"The rows have {inputs.Inputs} features; the network takes {InputShape.Size}.", nameof(inputs));
    }

    internal int CountRows(ReadOnlySpan<float> inputs)
    {
        var (rows, rest) = Math.DivRem(inputs.Length, InputShape.Size);
        return rest == 0 ? rows : throw new ArgumentException($"The inputs are {inputs.Length} values, not whole rows of {InputShape.Size}.", nameof(inputs));
    }
}
