// Tells whether a review praises or blames, from its words and pairs of words: tens of thousands of columns, of which a review has a few dozen. The features stay sparse from the
// text to the network's first layer.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;
using MLNet.DenseNet;
using TextSentiment;

var mlContext = new MLContext(seed: 1);
var training = mlContext.Data.LoadFromEnumerable(Review.Write(8000, seed: 1));
var test = mlContext.Data.LoadFromEnumerable(Review.Write(2000, seed: 2));

// Pairs of words, since "not good" is no praise.
var pipeline = mlContext.Transforms.Text.FeaturizeText("Features", new TextFeaturizingEstimator.Options
{
    WordFeatureExtractor = new WordBagEstimator.Options { NgramLength = 2, UseAllLengths = true },
    CharFeatureExtractor = null,
}, nameof(Review.Text))
    // Rare words are soon learned by heart: training stops where the reviews held out are no longer told better.
    .Append(mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
    {
        LabelColumnName = nameof(Review.IsContent),
        HiddenLayers = [32],
        ValidationFraction = 0.1f,
        EarlyStopping = new EarlyStopping(patience: 2),
        Seed = 1,
    }));
var model = pipeline.Fit(training);

var scored = model.Transform(test);
var features = scored.GetColumn<VBuffer<float>>("Features").ToArray();
Console.WriteLine($"{features[0].Length} columns, of which a review has {features.Average(row => row.GetValues().Length):F0} on average");

using var engine = mlContext.Model.CreatePredictionEngine<Review, Verdict>(model);
foreach (var text in (string[])["The motor is really good. The price was not bad.", "The motor is not good. The price was really bad.", "It is anything but flimsy.", "It is anything but sturdy."])
    Console.WriteLine($"{engine.Predict(new Review(text, IsContent: false)).Probability,7:P0} content: {text}");

var metrics = mlContext.BinaryClassification.Evaluate(scored, nameof(Review.IsContent));
Console.WriteLine($"On the test set: accuracy {metrics.Accuracy:F4}, area under the ROC curve {metrics.AreaUnderRocCurve:F4}");
return metrics.Accuracy >= 0.88 ? 0 : 1;

internal sealed class Verdict
{
    public float Probability { get; set; }
}
