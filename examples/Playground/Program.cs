// Learns the classic sets of two-dimensional points with the engine alone, and draws the boundary between their classes as it takes shape.
// The picture goes into the folder given, or into the one for temporary files.

using MLNet.DenseNet;
using MLNet.DenseNet.Engine;
using Playground;

const int Epochs = 400;
int[] drawn = [1, 10, Epochs];

var random = new Random(1);
var learned = new List<(PointSet, IReadOnlyList<Boundary>)>();
var path = Path.Combine((args is [var folder, ..] ? Directory.CreateDirectory(folder) : Directory.CreateTempSubdirectory("MLNet.DenseNet.")).FullName, "playground.svg");
Console.WriteLine($"The boundaries, as they take shape, are in {path}");
var worst = 1.0;
foreach (var draw in (Func<int, Random, PointSet>[])[PointSet.Xor, PointSet.Circle, PointSet.Moons, PointSet.Spiral])
{
    var (training, test) = (draw(400, random), draw(400, random));
    var network = Network.Create(inputShape: 2, [new DenseLayer(32, Activation.GELU), new DenseLayer(32, Activation.GELU), new DenseLayer(1, Activation.Sigmoid)], seed: 1);
    var boundaries = new List<Boundary>();
    learned.Add((training, boundaries));
    var trainer = new NetworkTrainer(network, new TrainingOptions
    {
        LearningRate = 0.01f,
        LearningRateSchedule = new CosineSchedule(),
        NumberOfEpochs = Epochs,
        Seed = 1,
        EpochCompleted = epoch =>
        {
            if (!drawn.Contains(epoch.Epoch))
                return;
            boundaries.Add(Boundary.Of(network, epoch.Epoch));
            BoundaryPicture.Save(learned, path);
        },
    });
    var history = trainer.Train(Dataset.FromTargets(inputs: 2, outputs: 1, training.Features, training.Labels));

    var accuracy = network.Predict(test.Features).Zip(test.Labels, (prediction, label) => prediction > 0.5f == label > 0.5f ? 1.0 : 0).Average();
    Console.WriteLine($"{training.Name,-7} loss {history[0].Loss:F4} after the first epoch, {history[^1].Loss:F4} after the last; accuracy on the test set {accuracy:F4}");
    worst = Math.Min(worst, accuracy);
}

return worst >= 0.95 ? 0 : 1;
