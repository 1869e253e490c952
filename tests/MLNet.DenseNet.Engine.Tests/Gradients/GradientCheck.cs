namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>Compares the engine's gradients with the reference's.</summary>
internal static class GradientCheck
{
    // Enough for eleven layers, forward and back. The magnitude of the sums is about that of the largest gradient of the parameter; where terms cancel, it is more.
    private const int Roundings = 300;
    private const double CancelledMagnitude = 0.01;

    /// <summary>The first value that disagrees, in words; null where all agree.</summary>
    public static string? Disagreement(IReadOnlyList<float[]> actual, double[][] expected)
    {
        for (var parameter = 0; parameter < expected.Length; parameter++)
        {
            var magnitude = expected[parameter].Max(Math.Abs) + CancelledMagnitude;
            for (var i = 0; i < expected[parameter].Length; i++)
            {
                if (!Tolerance.Agree(expected[parameter][i], actual[parameter][i], Roundings, magnitude))
                    return $"Parameter {parameter}, value {i}: {actual[parameter][i]} instead of {expected[parameter][i]}";
            }
        }

        return null;
    }

    /// <summary>Checks the loss and every gradient of the trainer's network.</summary>
    public static void Check(NetworkTrainer trainer, ReferenceNetwork reference, Examples examples)
    {
        var loss = trainer.ComputeGradient(examples.Features, examples.Targets, examples.Weights);
        Tolerance.Check(reference.Objective(examples), loss, Roundings / 10);
        Assert.Null(Disagreement(Gradients(trainer), reference.Gradient(examples)));
    }

    /// <summary>The same with the features stored sparsely.</summary>
    public static void CheckSparse(NetworkTrainer trainer, ReferenceNetwork reference, Examples examples)
    {
        var loss = 0.0;
        SparseSamples.Store(examples.Features, trainer.Network.InputShape.Size).Use(rows => loss = trainer.ComputeGradientOf(rows, examples.Targets, examples.Weights));
        Tolerance.Check(reference.Objective(examples), loss, Roundings / 10);
        Assert.Null(Disagreement(Gradients(trainer), reference.Gradient(examples)));
    }

    /// <summary>Copies of the latest gradients, parameter by parameter.</summary>
    public static List<float[]> Gradients(NetworkTrainer trainer) => [.. trainer.Network.Parameters.Select(p => trainer.Gradient(p).ToArray())];
}
