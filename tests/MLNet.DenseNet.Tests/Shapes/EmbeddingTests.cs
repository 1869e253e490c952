using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>Numbers of words come to an embedding as they are.</summary>
public class EmbeddingTests
{
    private const int Words = 12;
    private const int Length = 9;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<Layer[]> Networks => new()
    {
        (Layer[])[new EmbeddingLayer(Words, 6), new GlobalMaxPoolingLayer()],
        (Layer[])[new ReshapeLayer(new Engine.Shape(Length, 1)), new EmbeddingLayer(Words, 6), new LstmLayer(10)],
    };

    /// <summary>A text is about a thing where the third word is in it.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Words_are_learned(Layer[] layers)
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Layers = layers, LearningRate = 0.01f, Optimizer = new Adam(), NumberOfEpochs = 40 });
        var (train, test) = (Texts(600, seed: 1), Texts(200, seed: 2));
        var model = trainer.Fit(train);
        Assert.Equal(layers[0].ToString(), $"{model.Model.Layers[0].Layer}");
        var scored = model.Transform(test);
        Assert.True(_mlContext.BinaryClassification.Evaluate(scored).Accuracy > 0.95);
        Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(SavedModel.Reload(model, train.Schema).Transform(test)));
        // Going on is without standardization too.
        Assert.Equal(layers[0].ToString(), $"{trainer.Fit(train, model.Model).Model.Layers[0].Layer}");
    }

    private IDataView Texts(int count, int seed)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, Length).Select(_ => (float)random.Next(Words)).ToArray();
            return new Text { Features = words, Label = words.Contains(3) };
        }).ToArray());
    }

    private sealed class Text
    {
        [VectorType(Length)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
