using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.Defaults;

/// <summary>A text of few different words beside numbers and categories, the table that most pipelines make.</summary>
public class WordsBesideNumbersTests
{
    private static readonly string[] Vocabulary = ["refund", "broken", "late", "thanks", "great", "fast", "the", "order", "ticket", "about", "my", "account", "is", "on", "please"];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Functions_are_of_numbers_and_words_go_through()
    {
        var network = Fit(Rows(1500, seed: 1)).GetDenseNeuralNet().Network;
        var embedding = Assert.Single(network.Members[0].Layers.Select(place => place.Layer).OfType<NumericEmbeddingLayer>());
        Assert.Equal([0, 1], embedding.Columns!.Take(2));
        // Few parts of words are in most texts.
        Assert.InRange(embedding.Columns!.Count, 2, 10);
    }

    private TransformerChain<ISingleFeaturePredictionTransformer<object>> Fit(IDataView rows) => _mlContext.Transforms.Text.FeaturizeText("Words", nameof(Row.Text))
        .Append(_mlContext.Transforms.Categorical.OneHotEncoding(nameof(Row.City)))
        .Append(_mlContext.Transforms.Concatenate("Features", nameof(Row.Age), nameof(Row.Income), nameof(Row.City), "Words"))
        .Append(_mlContext.Transforms.DenseNeuralNet(seed: 1)).Fit(rows);

    private IDataView Rows(int count, int seed)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, 7).Select(_ => random.Next(Vocabulary.Length)).ToArray();
            var row = new Row { Age = 18 + random.Next(60), Income = MathF.Exp(10 + random.NextSingle()), City = "ABCD"[random.Next(4)].ToString(), Text = string.Join(' ', words.Select(word => Vocabulary[word])) };
            row.Label = words.Count(word => word < 3) - words.Count(word => word is >= 3 and < 6) + (row.Income > 35_000 ? 1 : 0) + row.Age / 40 + random.NextSingle() - (row.City == "A" ? 1 : 0);
            return row;
        }).ToList());
    }

    private sealed class Row
    {
        public float Age { get; set; }

        public float Income { get; set; }

        public string City { get; set; } = "";

        public string Text { get; set; } = "";

        public float Label { get; set; }
    }
}
