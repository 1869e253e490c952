// Trains on a text file that is never in memory as a whole: a thread reads it anew in each epoch, a few megabytes ahead of the training.
// The file is made here and small for its kind; the memory that training takes would be the same for one of a terabyte.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

const int TrainingRows = 500_000;

var folder = Directory.CreateTempSubdirectory("readings");
try
{
    var (trainFile, testFile) = (Path.Combine(folder.FullName, "train.csv"), Path.Combine(folder.FullName, "test.csv"));
    Write(trainFile, TrainingRows, seed: 1);
    Write(testFile, 20_000, seed: 2);

    var mlContext = new MLContext(seed: 1);
    mlContext.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            Console.WriteLine(e.Message);
    };
    var train = mlContext.Data.LoadFromTextFile<Reading>(trainFile, separatorChar: ',');
    var test = mlContext.Data.LoadFromTextFile<Reading>(testFile, separatorChar: ',');
    Console.WriteLine($"{TrainingRows:N0} rows, a file of {new FileInfo(trainFile).Length >> 20} MB");

    var trainer = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
    {
        // Without this line the trainer decides by the size of the data and the memory available.
        DataCaching = DataCaching.Stream,
        // One row in fifty is held out and kept in memory, the same ones in each epoch.
        ValidationFraction = 0.02f,
        HiddenLayers = [64, 32],
        // One of the sensors acts in steps, which learned functions of each number find soon. Where hidden layers are given, they are asked for.
        NumericEmbedding = NumericEmbedding.On,
        // Where a sensor has not reported, its mean is taken and the network is told. Skip would leave such rows out.
        MissingFeatures = MissingFeatures.Auto,
        // By default too, the weights of a regression decay the less, the less noise and the more rows there are: here, hardly.
        AdaptWeightDecay = true,
        BatchSize = 256,
        NumberOfEpochs = 4,
        EpochCompleted = epoch => Console.WriteLine(
            $"epoch {epoch.Epoch} of {epoch.NumberOfEpochs}: loss {epoch.Loss:F4}, validation R-squared {epoch.ValidationRSquared:F4}, {epoch.RowsPerSecond:N0} rows a second"),
    });
    var model = trainer.Fit(train);

    var metrics = mlContext.Regression.Evaluate(model.Transform(test));
    Console.WriteLine($"On the test rows: R-squared {metrics.RSquared:F4}");
    return metrics.RSquared >= 0.95 ? 0 : 1;
}
finally
{
    folder.Delete(recursive: true);
}

// Readings of ten sensors, and a quantity that depends on some of them, with noise.
static void Write(string path, int rows, int seed)
{
    var random = new Random(seed);
    var x = new float[10];
    using var file = new StreamWriter(path);
    for (var row = 0; row < rows; row++)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] = random.NextSingle() * 2 - 1;
        var label = 2 * x[0] * x[1] + MathF.Sin(3 * x[2]) + x[3] * x[3] + (x[4] > 0.3f ? 1 : 0) + 0.1f * (random.NextSingle() - random.NextSingle());
        foreach (var value in x)
        {
            // One reading in five hundred is missing.
            if (random.Next(500) > 0)
                file.Write(value.ToString("F4", CultureInfo.InvariantCulture));
            file.Write(',');
        }

        file.WriteLine(label.ToString("F4", CultureInfo.InvariantCulture));
    }
}

internal sealed class Reading
{
    [LoadColumn(0, 9), VectorType(10)]
    public float[] Features { get; set; } = [];

    [LoadColumn(10)]
    public float Label { get; set; }
}
