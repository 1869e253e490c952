using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How well DenseNeuralNet() does on images and sequences with nothing set, next to other networks: what their layers are chosen by.</summary>
internal static class ImagesBenchmark
{
    private static readonly Dictionary<string, Func<ShapedSet, DenseNeuralNetOptions>> Networks = new()
    {
        ["nothing set"] = _ => new(),
        ["dense 128, 64"] = _ => new() { HiddenLayers = [128, 64] },
        ["an ensemble of 4"] = _ => new() { EnsembleSize = 4 },
        ["AdamW"] = _ => new() { Optimizer = new AdamW(), LearningRate = 0.003f, WeightDecay = 0.1f },
        ["rate 0.001"] = _ => new() { LearningRate = 0.001f },
        ["ReLU"] = _ => new() { Activation = Activation.ReLU },
        ["dropout 0.25"] = _ => new() { DropoutRate = 0.25f },
        ["without dropout"] = set => new() { Layers = Stages(set, 32, Convolution, dropoutRate: 0), EnsembleSize = 1 },
        ["half the filters"] = set => new() { Layers = Stages(set, 16, Convolution), EnsembleSize = 1 },
        ["two convolutions"] = set => new() { Layers = Stages(set, 32, filters => [.. Convolution(filters), .. Convolution(filters)]), EnsembleSize = 1 },
        ["batch normalization"] = set => new() { Layers = Stages(set, 32, Normalized), EnsembleSize = 1 },
        ["two, batch normalization"] = set => new() { Layers = Stages(set, 32, filters => [.. Normalized(filters), .. Normalized(filters)]), EnsembleSize = 1 },
    };

    /// <param name="arguments">The names of sets and networks; all where none is given.</param>
    public static void Run(string[] arguments)
    {
        Console.WriteLine("| rows | network | accuracy in % | log-loss | epochs | seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var set in ShapedSet.Images().Concat(SequenceSets.All()).Where(set => IsAsked(set.Name)))
        {
            foreach (var (name, options) in Networks.Where(network => IsAsked(network.Key)))
                Measure(set, name, options(set));
        }

        bool IsAsked(string name) => !arguments.Any(argument => Networks.ContainsKey(argument) == Networks.ContainsKey(name)) || arguments.Contains(name);
    }

    private static void Measure(ShapedSet set, string name, DenseNeuralNetOptions options)
    {
        var mlContext = new MLContext(seed: 1);
        var start = Stopwatch.GetTimestamp();
        var model = mlContext.Transforms.DenseNeuralNet(options).Fit(View(mlContext, set, 0, set.Training));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(View(mlContext, set, set.Training, set.Labels.Length)));
        Console.WriteLine(FormattableString.Invariant(
            $"| {set.Name} | {name} | {100 * metrics.MicroAccuracy:F2} | {metrics.LogLoss:F3} | {model.GetDenseNeuralNet().History!.Count} | {seconds:F0} |"));
    }

    private static IDataView View(MLContext mlContext, ShapedSet set, int first, int end)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, set.Dimensions);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), set.Classes);
        // Objects count keys from 0.
        return mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(first, end - first).Select(i => new Row { Features = set.Values[(i * set.Length)..((i + 1) * set.Length)], Label = (uint)set.Labels[i] }).ToArray(), schema);
    }

    /// <summary>As the layers for images and sequences, with other convolutions.</summary>
    private static Layer[] Stages(ShapedSet set, int filters, Func<int, Layer[]> convolutions, float dropoutRate = 0.5f)
    {
        var layers = new List<Layer>();
        var side = set.Dimensions[..^1].Min();
        do
        {
            layers.AddRange([.. convolutions(filters), new MaxPoolingLayer(2)]);
            (side, filters) = (side / 2, Math.Min(2 * filters, 128));
        }
        while (side >= 8);
        return [.. layers, new DropoutLayer(dropoutRate), new DenseLayer(128, Activation.SiLU), new DropoutLayer(dropoutRate)];
    }

    private static Layer[] Convolution(int filters) => [new ConvolutionLayer(filters, 3, padding: Padding.Same, activation: Activation.SiLU)];

    private static Layer[] Normalized(int filters) => [new ConvolutionLayer(filters, 3, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU)];

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}
