using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>The option EnsembleSize makes one model of several networks, which does all that a model of one does.</summary>
public sealed class EnsembleTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public EnsembleTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(120));

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void An_ensemble_learns_every_task_and_loads_to_the_same_bits(string task)
    {
        var model = Tasks.Pipeline(_mlContext, task, o => (o.EnsembleSize, o.DropoutRate, o.NumberOfEpochs, o.ValidationFraction) = (3, 0.1f, 60, 0.2f)).Fit(_data);
        var trained = ModelOf(model);
        Assert.Equal(["Standardization, limit 3", "Ensemble of 3"], trained.Layers.Select(l => $"{l.Layer}".Split(" [")[0]));
        Assert.True(trained.History![^1].Loss < trained.History[0].Loss * 0.75);

        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, _data.Schema, stream);
        stream.Position = 0;
        Assert.Equal(Tasks.ScoreBits(model.Transform(_data)), Tasks.ScoreBits(_mlContext.Model.Load(stream, out _).Transform(_data)));
    }

    [Fact]
    public void An_ensemble_of_one_is_the_network()
    {
        var layers = ModelOf(Tasks.Pipeline(_mlContext, Tasks.Binary, o => o.EnsembleSize = 1).Fit(_data)).Layers;
        Assert.Equal(["Standardization, limit 3", "Dense 16 SiLU", "Dense 1 sigmoid"], layers.Select(l => $"{l.Layer}"));
    }

    [Fact]
    public void Layers_of_ones_own_are_those_of_each_member()
    {
        var layers = ModelOf(Tasks.Pipeline(_mlContext, Tasks.Regression, o =>
            (o.EnsembleSize, o.HiddenLayers, o.Layers, o.NormalizeFeatures) = (2, null, [new DenseLayer(5, Activation.Tanh)], FeatureNormalization.Off)).Fit(_data)).Layers;
        Assert.Equal("Ensemble of 2 [Dense 5 tanh, Dense 1 identity]", $"{Assert.Single(layers).Layer}");
    }

    [Fact]
    public void A_binary_score_is_the_mean_logit_and_the_probability_its_sigmoid()
    {
        var scored = Tasks.Pipeline(_mlContext, Tasks.Binary, o => o.EnsembleSize = 4).Fit(_data).Transform(_data);
        foreach (var (score, probability) in scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Probability")))
            Assert.Equal(1 / (1 + Math.Exp(-score)), probability, 1e-6);
    }

    [Fact]
    public void Training_goes_on_from_an_ensemble_and_only_from_one_of_its_size()
    {
        var first = Trainer(4, size: 3).Fit(_data).Model;
        Assert.Equal(Tasks.ScoreBits(Trainer(7, size: 3).Fit(_data).Transform(_data)), Tasks.ScoreBits(Trainer(3, size: 3).Fit(_data, first).Transform(_data)));
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(3, size: 2).Fit(_data, first));
        Assert.Contains("Ensemble of 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Ensemble of 2", error.Message, StringComparison.Ordinal);

        DenseNeuralNetBinaryTrainer Trainer(int epochs, int size) => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Flag),
            HiddenLayers = [6],
            EnsembleSize = size,
            Optimizer = new StochasticGradientDescent(),
            LearningRateSchedule = new ConstantSchedule(),
            Shuffle = false,
            NumberOfEpochs = epochs,
            Seed = 1,
        });
    }

    [Fact]
    public void Text_names_the_features_at_the_first_weights_of_each_member_alone()
    {
        var named = _mlContext.Transforms.Concatenate("Named", nameof(Sample.Number), nameof(Sample.Weight)).Fit(_data).Transform(_data);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Number),
            FeatureColumnName = "Named",
            HiddenLayers = [2],
            EnsembleSize = 2,
            NumberOfEpochs = 1,
        }).Fit(named).Model;
        using var writer = new StringWriter { NewLine = "\n" };
        model.SaveAsText(writer, named.Schema["Named"]);
        var lines = writer.ToString().Split('\n');
        Assert.Contains("1  2 x Dense 2 SiLU ", writer.ToString(), StringComparison.Ordinal);
        foreach (var member in (int[])[1, 2])
        {
            var weights = Array.IndexOf(lines, FormattableString.Invariant($"1\tweights {member}.1\t2 x 2"));
            Assert.Equal(["Number", "Weight"], lines[(weights + 1)..(weights + 3)].Select(line => line.Split('\t')[0]));
            var output = Array.IndexOf(lines, FormattableString.Invariant($"2\tweights {member}.2\t2 x 1"));
            Assert.All(lines[(output + 1)..(output + 3)], line => float.Parse(line, CultureInfo.InvariantCulture));
        }
    }

    private static IDenseNeuralNetModel ModelOf(ITransformer fitted) => (IDenseNeuralNetModel)((ISingleFeaturePredictionTransformer<object>)
        (fitted is IEnumerable<ITransformer> chain ? chain.Last() : fitted)).Model;
}
