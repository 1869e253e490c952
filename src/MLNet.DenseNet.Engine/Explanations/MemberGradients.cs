using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Integrated gradients of one network, or of one member of an ensemble.</summary>
internal sealed unsafe class MemberGradients
{
    // Points on the way from the reference to a row.
    private const int Points = 32;

    // As many values of a point as may come at once, so that wide rows do not take much memory.
    private const int MostValues = 1 << 20;

    private readonly int _inputs;
    private readonly int _outputs;

    // Layers that treat each feature by itself, and the feature that each of their outputs comes from; then all others.
    private readonly ChainPasses? _own;
    private readonly int[] _sources;
    private readonly ChainPasses _others;

    // What the own layers make of the reference, and of a row.
    private readonly float[] _reference;
    private readonly float[] _row;
    private readonly AlignedBuffer _points;
    private readonly int _pointsAtOnce;
    private readonly AlignedBuffer _cache;
    private readonly AlignedBuffer _scratch;
    private readonly AlignedBuffer _outputGradient;
    private readonly AlignedBuffer _inputGradient;
    private readonly LayerMemory _cacheSize;
    private readonly LayerMemory _scratchSize;
    private readonly AlignedBuffer _ownScratch;
    private readonly Gradients _gradients;

    /// <param name="network">Without an ensemble.</param>
    /// <param name="reference">(inputs).</param>
    public MemberGradients(Network network, float[] reference)
    {
        (_inputs, _outputs) = (network.InputShape.Size, network.OutputShape.Size);
        NetworkLayer[] own = [.. network.Layers.SkipLast(1).TakeWhile(place => place.Layer.Sources(place.InputShape) is not null)];
        NetworkLayer[] others = [.. network.Layers.Skip(own.Length)];
        _sources = own.Aggregate(Enumerable.Range(0, _inputs).ToArray(), (sources, place) => [.. place.Layer.Sources(place.InputShape)!.Select(source => sources[source])]);
        _own = own.Length == 0 ? null : new ChainPasses(own);
        _ownScratch = new AlignedBuffer(own.Length == 0 ? 0 : Scratch(own).For(1));
        _others = new ChainPasses(others);
        _cacheSize = LayerChain.Cache([.. others.Select(place => place.Layer)], Shapes(others));
        _scratchSize = Scratch(others);

        var width = _sources.Length;
        _pointsAtOnce = Math.Clamp(MostValues / Math.Max(width, 1), 1, Points);
        _points = new AlignedBuffer((long)_pointsAtOnce * width);
        _inputGradient = new AlignedBuffer((long)_pointsAtOnce * width);
        _outputGradient = new AlignedBuffer((long)_pointsAtOnce * _outputs);
        _cache = new AlignedBuffer(_cacheSize.For(_pointsAtOnce));
        _scratch = new AlignedBuffer(_scratchSize.For(_pointsAtOnce));
        _gradients = new Gradients(network.TrainedLength);
        (_reference, _row) = (new float[width], new float[width]);
        RunOwn(reference, _reference);
    }

    /// <summary>Adds the contributions of a row's features to an output.</summary>
    /// <param name="row">(inputs).</param>
    /// <param name="output">Which output.</param>
    /// <param name="contributions">(inputs).</param>
    public void Add(ReadOnlySpan<float> row, int output, Span<double> contributions)
    {
        RunOwn(row, _row);
        var width = _sources.Length;
        Span<double> slopes = new double[width];
        for (var first = 0; first < Points; first += _pointsAtOnce)
            AddSlopes(first, Math.Min(_pointsAtOnce, Points - first), output, slopes);

        Span<double> own = new double[_inputs];
        for (var i = 0; i < width; i++)
        {
            // What does not differ adds nothing, even where the slope is no number.
            if (_row[i] != _reference[i])
                own[_sources[i]] += ((double)_row[i] - _reference[i]) * slopes[i] / Points;
        }

        Complete(own, Output(_row, output) - Output(_reference, output));
        for (var i = 0; i < _inputs; i++)
            contributions[i] += own[i];
    }

    /// <summary>Divides what the contributions lack of the difference by their magnitudes.</summary>
    private void Complete(Span<double> contributions, double difference)
    {
        var (sum, magnitude) = (0.0, 0.0);
        foreach (var value in contributions)
            (sum, magnitude) = (sum + value, magnitude + Math.Abs(value));
        var rest = difference - sum;
        if (magnitude > 0 || double.IsNaN(rest))
        {
            foreach (ref var value in contributions)
                value += rest * (double.IsNaN(rest) ? 1 : Math.Abs(value) / magnitude);
            return;
        }

        // No point on the way has a slope, such as between two steps: all that differs has the same share.
        Span<bool> differs = new bool[_inputs];
        for (var i = 0; i < _sources.Length; i++)
            differs[_sources[i]] |= _row[i] != _reference[i];
        for (var i = 0; i < _inputs; i++)
            contributions[i] = differs[i] ? rest / differs.Count(true) : 0;
    }

    /// <summary>Adds the derivatives at some points, in the middle of as many equal pieces of the way.</summary>
    private void AddSlopes(int first, int count, int output, Span<double> slopes)
    {
        var width = _sources.Length;
        for (var point = 0; point < count; point++)
        {
            var share = (first + point + 0.5f) / Points;
            var values = _points.Span.Slice(point * width, width);
            for (var i = 0; i < width; i++)
                values[i] = MathF.FusedMultiplyAdd(share, _row[i] - _reference[i], _reference[i]);
        }

        InputRows points = new MatrixRows(_points.Pointer, count, width);
        var cache = _cache.Span[..(int)_cacheSize.For(count)];
        var scratch = _scratch.Span[..(int)_scratchSize.For(count)];
        var outputs = _others.Train(in points, cache, scratch, TrainingStep.Frozen, team: null);
        var outputGradient = _outputGradient.Span[..(count * _outputs)];
        outputGradient.Clear();
        for (var point = 0; point < count; point++)
            outputGradient[point * _outputs + output] = 1;
        var inputGradient = _inputGradient.Span[..(count * width)];
        _gradients.Begin();
        scoped var pass = new BackwardPass(scratch, _gradients, TrainingStep.Frozen, team: null, fusedUpdate: null);
        pass.TurnTo(in points, outputs, cache, outputGradient, inputGradient);
        _others.Backward(in pass);
        for (var point = 0; point < count; point++)
        {
            for (var i = 0; i < width; i++)
                slopes[i] += inputGradient[point * width + i];
        }
    }

    private double Output(float[] values, int output)
    {
        values.CopyTo(_points.Span);
        InputRows row = new MatrixRows(_points.Pointer, 1, values.Length);
        var outputs = _outputGradient.Span[.._outputs];
        _others.Predict(in row, outputs, _scratch.Span[..(int)_scratchSize.For(1)], team: null, saturates: false);
        return outputs[output];
    }

    private void RunOwn(ReadOnlySpan<float> row, float[] made)
    {
        if (_own is null)
        {
            row.CopyTo(made);
            return;
        }

        fixed (float* values = row)
        {
            InputRows rows = new MatrixRows(values, 1, row.Length);
            _own.Predict(in rows, made, _ownScratch.Span, team: null, saturates: false);
        }
    }

    private static Shape[] Shapes(NetworkLayer[] places) => [.. places.Select(place => place.InputShape), places[^1].OutputShape];

    private static LayerMemory Scratch(NetworkLayer[] places) => LayerChain.Scratch([.. places.Select(place => place.Layer)], Shapes(places));
}
