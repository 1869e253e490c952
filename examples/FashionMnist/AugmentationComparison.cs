using Microsoft.ML;
using MLNet.DenseNet;

namespace FashionMnist;

/// <summary>What augmentation does to the gap between the accuracy on the images learned from and on those of the test set.</summary>
internal static class AugmentationComparison
{
    // Of the gap without, and how much lower the accuracy on the test set may be: less than one standard error of 10,000 images.
    private const double MostOfGap = 0.7;
    private const double LessAccuracy = 0.003;

    /// <returns>Whether the gap is clearly smaller with it, and the accuracy on the test set no lower.</returns>
    public static bool Run(MLContext mlContext, IDataView training, IDataView test)
    {
        var toKeys = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(training);
        var (trainingSet, testSet) = (toKeys.Transform(training), toKeys.Transform(test));
        Console.WriteLine("augmentation  training    test     gap");
        var plain = Train("none", null);
        var augmented = Train("images", new ImageAugmentation(FashionImage.Side, FashionImage.Side, rotation: 3, zoom: 0.05f, flipHorizontally: true, noise: 0.2f));
        return augmented.Gap <= MostOfGap * plain.Gap && augmented.Test >= plain.Test - LessAccuracy;

        (double Gap, double Test) Train(string name, Augmentation? augmentation)
        {
            var model = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
            {
                HiddenLayers = [256, 128],
                NumberOfEpochs = 40,
                Augmentation = augmentation,
            }).Fit(trainingSet);
            var (onTraining, onTest) = (Accuracy(trainingSet), Accuracy(testSet));
            Console.WriteLine($"{name,-12}  {onTraining,8:P1}{onTest,8:P1}{onTraining - onTest,8:P1}");
            return (onTraining - onTest, onTest);

            double Accuracy(IDataView rows) => mlContext.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy;
        }
    }
}
