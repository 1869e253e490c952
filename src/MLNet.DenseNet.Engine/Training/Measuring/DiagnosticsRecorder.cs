namespace MLNet.DenseNet.Engine;

/// <summary>Measures each layer: gradient norms and dead units while training, and weights before and after. The layers of an ensemble's members are measured together.</summary>
internal sealed class DiagnosticsRecorder
{
    // Enough for steady means and to see units that are seldom active, and little work in a long epoch.
    private const int BatchesPerEpoch = 32;

    private readonly Network _network;
    private readonly int _stride;
    private readonly (int Layer, WeightHistogram Weights)[] _initial;
    private readonly double[] _gradientNorms;

    // By member, layer and unit, which at all positions of an image or a sequence is its channel; null for a layer that does not end in ReLU.
    private readonly bool[]?[][] _wasActive;
    private int _batches;

    /// <param name="network">As training begins.</param>
    /// <param name="batchCount">The batches of an epoch.</param>
    /// <param name="scaling">Standardizes targets, so that the initial weights are recorded as those of a model in the targets' own units; null where targets are learned as they are.</param>
    public DiagnosticsRecorder(Network network, int batchCount, TargetScaling? scaling)
    {
        _network = network;
        _stride = (batchCount + BatchesPerEpoch - 1) / BatchesPerEpoch;
        _initial = [.. Histograms(scaling)];
        _gradientNorms = new double[Layers.Count];
        _wasActive = [.. Members.Select(member => member.Layers.Select(l => l.Layer.OutputActivation == Activation.ReLU ? new bool[l.OutputShape.Channels] : null).ToArray())];
    }

    private Network[] Members => _network.Members.ToArray();

    /// <summary>The layers of the first member, which stand for those of all.</summary>
    private IReadOnlyList<NetworkLayer> Layers => _network.Members[0].Layers;

    /// <returns>This for a batch of the epoch that is to be measured, else null.</returns>
    public DiagnosticsRecorder? For(int batch) => batch % _stride == 0 ? this : null;

    /// <summary>Measures a batch whose gradients have all been computed.</summary>
    public void Observe(Learners learners)
    {
        _batches++;
        for (var i = 0; i < _wasActive.Length; i++)
        {
            var learner = learners.All[i];
            for (var index = 0; index < _gradientNorms.Length; index++)
            {
                var sum = 0.0;
                foreach (var parameter in learner.Network.LayerSpan[index].Parameters.Where(p => p.IsTrained))
                    sum += learner.Gradients.SumOfSquares(parameter);
                _gradientNorms[index] += Math.Sqrt(sum);
                if (_wasActive[i][index] is { } wasActive)
                    NoteActive(learners.Output(i, index), wasActive);
            }
        }
    }

    /// <summary>What was measured since the epoch before.</summary>
    public IReadOnlyList<LayerDiagnostics> EndEpoch()
    {
        var layers = Enumerable.Range(0, _gradientNorms.Length).Where(index => Layers[index].ParameterCount > 0 || _wasActive[0][index] is not null)
            .Select(index => new LayerDiagnostics(index, _gradientNorms[index] / _batches / _wasActive.Length, DeadUnits(index))).ToArray();
        _batches = 0;
        Array.Clear(_gradientNorms);
        foreach (var wasActive in _wasActive.SelectMany(layers => layers))
            wasActive?.AsSpan().Clear();
        return layers;
    }

    /// <summary>The weights as training began and as they are now, when it has ended: both as in a model that predicts in the targets' own units.</summary>
    public IReadOnlyList<LayerWeights> EndTraining() => [.. _initial.Zip(Histograms(scaling: null), (initial, final) => new LayerWeights(initial.Layer, initial.Weights, final.Weights))];

    private static void NoteActive(ReadOnlySpan<float> outputs, bool[] wasActive)
    {
        for (var start = 0; start < outputs.Length; start += wasActive.Length)
        {
            var position = outputs.Slice(start, wasActive.Length);
            for (var unit = 0; unit < position.Length; unit++)
                wasActive[unit] |= position[unit] > 0;
        }
    }

    private double? DeadUnits(int layer) =>
        _wasActive[0][layer] is null ? null : _wasActive.Average(member => member[layer]!.Count(active => !active) / (double)member[layer]!.Length);

    private IEnumerable<(int Layer, WeightHistogram Weights)> Histograms(TargetScaling? scaling)
    {
        Parameter[] scaled = scaling is null ? [] : [.. Members.SelectMany(member => OutputSums.Of(member.Layers[^1]).Weights)];
        return from index in Enumerable.Range(0, Layers.Count)
               let weights = Members.SelectMany(member => member.Layers[index].Parameters.Where(p => p.IsDecayed)).ToArray()
               where weights.Length > 0
               select (index, WeightHistogram.Of([.. weights.SelectMany(parameter => scaled.Contains(parameter) ? scaling!.InOwnUnits(parameter) : parameter.ToArray())]));
    }
}
