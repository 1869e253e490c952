using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What the output layer of a new network begins with instead of random weights, in all members of an ensemble.</summary>
internal static class InitialOutputs
{
    /// <summary>Sets weights and biases to 0.</summary>
    public static void BeginAtZero(Network network)
    {
        foreach (var member in network.Members)
            OutputSums.Of(member.Layers[^1]).Transform(new double[network.OutputShape.Size], new double[network.OutputShape.Size]);
    }

    /// <summary>Sets the biases of a network whose last layer ends in an exponential so that it begins about at each output's mean target. Outputs with a mean of 0 or less begin at 1.</summary>
    public static void BeginAtMeans(Network network, TargetStatistics targets)
    {
        double[] logarithms = [.. targets.Means.ToArray().Select(mean => mean > 0 ? LogLink.Logarithm((float)mean) : 0)];
        foreach (var member in network.Members)
            OutputSums.Of(member.Layers[^1]).Transform([.. logarithms.Select(_ => 1.0)], logarithms);
    }

    /// <summary>Makes an output layer right behind principal components that of a ridge regression on what these are of, of classes of 0 and 1 that become logits; of each member by the rows that it learns from.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="folds">Those that members leave out; null for none.</param>
    /// <param name="scaling">What brings targets to those that are learned; null where they are learned as they are.</param>
    public static void BeginAtRidge(Network network, RowSubset rows, HeldOutFolds? folds, TargetScaling? scaling)
    {
        var place = InputStatistics.ComponentsOf(network.Members[0])!;
        var deviations = PrincipalComponentsLayer.DeviationsOf(place);
        int[] columns = [.. Enumerable.Range(0, deviations.Length)];
        for (var member = 0; member < network.Members.Length; member++)
        {
            var sample = SampledRows.Of(rows, HeldOutFolds.LearnedBy(folds, rows, member), columns.Length);
            // A component of variance 1 would be held to be as sure as all others.
            double[][] values = [.. sample.Before(network, place.Index + 1, columns).Select(row => row.Zip(deviations, (value, deviation) => value * deviation).ToArray())];
            var targets = sample.Targets(network.OutputShape.Size, scaling);
            var ridge = RidgeRegression.Of(PrincipalComponents.Of(values), targets);
            var (weights, bias) = ridge.Coefficients();
            var last = network.Members[member].Layers[^1];
            DenseLayer.Set(last, [.. weights.Select((weight, i) => (float)(weight * deviations[i / bias.Length]))], bias);
            if (rows.ClassCount > 0)
                ToLogits(last, LogitScale.Of(ridge.LeftOut(), targets), targets);
        }
    }

    /// <summary>Makes the sums of a last <see cref="WideAndDeepLayer"/> those of a ridge regression on all that comes in, and the outputs of its layers 0; of each member by the rows that it learns from.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">To learn from, with numbers for targets.</param>
    /// <param name="folds">Those that members leave out; null for none.</param>
    /// <param name="scaling">What brings targets to those that are learned; null where they are learned as they are.</param>
    public static void BeginBesideRidge(Network network, RowSubset rows, HeldOutFolds? folds, TargetScaling? scaling)
    {
        BeginAtZero(network);
        // What the members of an ensemble share.
        var layersBefore = network.Members[0].Layers.Count - 1;
        for (var member = 0; member < network.Members.Length; member++)
        {
            var sums = network.Members[member].Layers[^1];
            int[] columns = [.. Enumerable.Range(0, sums.InputShape.Size)];
            var sample = SampledRows.Of(rows, HeldOutFolds.LearnedBy(folds, rows, member), columns.Length);
            var ridge = RidgeRegression.Of(PrincipalComponents.Of(sample.Before(network, layersBefore, columns)), sample.Targets(network.OutputShape.Size, scaling));
            var (weights, bias) = ridge.Coefficients();
            sums.Parameter(0).Set(weights);
            OutputSums.Of(sums).Bias.Set(bias);
        }
    }

    private static void ToLogits(NetworkLayer last, double factor, double[][] targets)
    {
        var shares = LogitScale.SharesOf(targets);
        OutputSums.Of(last).Transform(Array.ConvertAll(shares, _ => factor), Array.ConvertAll(shares, share => LogitScale.OfShare(share, shares.Length == 1) - factor * share));
    }
}
