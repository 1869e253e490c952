namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>Compares the engine's gradients with the reference's under one rule of tolerance.</summary>
internal static class GradientCheck
{
    /// <summary>How far a value may be off, as a share of the largest value in its parameter.</summary>
    private const double Share = 2e-5;

    /// <summary>What is added for parameters whose whole gradient is tiny: the rounding of float32 sums of terms that cancel.</summary>
    private const double Floor = 2e-7;

    /// <summary>The first value that is off by more than the rule allows, in words; null where all agree.</summary>
    public static string? Disagreement(IReadOnlyList<float[]> actual, double[][] expected)
    {
        for (var parameter = 0; parameter < expected.Length; parameter++)
        {
            var allowed = Share * expected[parameter].Max(Math.Abs) + Floor;
            for (var i = 0; i < expected[parameter].Length; i++)
            {
                var error = Math.Abs(actual[parameter][i] - expected[parameter][i]);
                if (!(error <= allowed))
                    return $"Parameter {parameter}, value {i}: {actual[parameter][i]} instead of {expected[parameter][i]}, off by {error} > {allowed}";
            }
        }

        return null;
    }

    /// <summary>Checks the loss and every gradient of the trainer's network.</summary>
    public static void Check(NetworkTrainer trainer, ReferenceNetwork reference, Examples examples)
    {
        var loss = trainer.ComputeGradient(examples.Features, examples.Targets, examples.Weights);
        Assert.Equal(reference.Objective(examples), loss, 1e-6);
        Assert.Null(Disagreement(Gradients(trainer), reference.Gradient(examples)));
    }

    /// <summary>Copies of the latest gradients, parameter by parameter.</summary>
    public static List<float[]> Gradients(NetworkTrainer trainer) => [.. trainer.Network.Parameters.Select(p => trainer.Gradient(p).ToArray())];
}
