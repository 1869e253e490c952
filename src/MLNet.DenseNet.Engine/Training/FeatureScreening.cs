namespace MLNet.DenseNet.Engine;

/// <summary>
/// Weighs the features of a table that has more of them than rows: most tell nothing, and all together would outweigh those that do. A feature's weight is the eighth power of its correlation with the target that it goes with best,
/// as a share of the largest one of all features. Each member of an ensemble weighs them by the rows that it learns from, so that those that it is measured with are as new to it as all others.
/// </summary>
/// <remarks>Fan and Lv, "Sure independence screening for ultrahigh dimensional feature space" (2008), who leave features out. The eighth power was the best of 1, 2, 4, 8, 12 and more on tables of genes.</remarks>
internal static class FeatureScreening
{
    // Smaller ones are 0: products with them could be below the smallest numbers.
    private const double LeastWeight = 1e-30;

    /// <summary>Sets the scales of a standardization in each member to the weights of what comes to it.</summary>
    /// <param name="network">Its members have the same layers, and share those before.</param>
    /// <param name="index">The position of the standardization in a member.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="folds">Those that members leave out; null for none.</param>
    public static void Apply(Network network, int index, RowSubset rows, HeldOutFolds? folds)
    {
        for (var member = 0; member < network.Members.Length; member++)
        {
            var place = network.Members[member].Layers[index];
            int[] own = [.. rows.Rows.ToArray().Where(row => folds?.HeldOutBy[row] != member)];
            StandardizationLayer.Set(place, new float[place.InputShape.Size], Weights(network.Members[member], index, rows.Data, own));
        }
    }

    /// <summary>What the weights of a member add up to, in the mean of all members.</summary>
    /// <inheritdoc cref="Apply"/>
    public static double SumOfWeights(Network network, int index) => network.Members.ToArray().Average(member => StandardizationLayer.ScalesOf(member.Layers[index]).Sum(weight => (double)weight));

    private static float[] Weights(Network member, int index, Dataset data, int[] rows)
    {
        var (inputs, outputs) = (member.Layers[index].InputShape.Size, member.OutputShape.Size);
        var features = Enumerable.Range(0, inputs).Select(_ => new Sums()).ToArray();
        var (targets, products) = (Enumerable.Range(0, outputs).Select(_ => new Sums()).ToArray(), new double[(long)inputs * outputs]);
        using var workspace = member.CreateWorkspace(1);
        var target = new float[outputs];
        var weights = 0.0;
        foreach (var row in rows)
        {
            member.Forward(data.FeaturesOf(row), workspace);
            data.CopyTargets([row], target, outputs);
            double weight = data.HasWeights ? data.Weight(row) : 1;
            weights += weight;
            var x = workspace.Output(index - 1);
            for (var i = 0; i < inputs; i++)
            {
                features[i].Add(x[i], weight);
                for (var j = 0; j < outputs; j++)
                    products[(long)i * outputs + j] += weight * x[i] * target[j];
            }

            for (var j = 0; j < outputs; j++)
                targets[j].Add(target[j], weight);
        }

        // Squares of correlations: roots and powers of others have other last bits on other machines.
        var squares = new double[inputs];
        for (var i = 0; i < inputs; i++)
        {
            for (var j = 0; j < outputs; j++)
            {
                var covariance = products[(long)i * outputs + j] / weights - features[i].Mean(weights) * targets[j].Mean(weights);
                var variances = features[i].Variance(weights) * targets[j].Variance(weights);
                squares[i] = Math.Max(squares[i], variances > 0 ? covariance * covariance / variances : 0);
            }
        }

        var largest = squares.Max();
        return Array.ConvertAll(squares, square => largest > 0 ? ToWeight(square / largest) : 1);
    }

    private static float ToWeight(double square)
    {
        var fourth = square * square;
        return fourth * fourth < LeastWeight ? 0 : (float)(fourth * fourth);
    }

    private struct Sums
    {
        private double _sum;
        private double _squares;

        public void Add(double value, double weight) => (_sum, _squares) = (_sum + weight * value, _squares + weight * value * value);

        public readonly double Mean(double weights) => _sum / weights;

        // What rounding leaves of a constant is none.
        public readonly double Variance(double weights) => _squares / weights - Mean(weights) * Mean(weights) is var variance && variance > 1e-12 * _squares / weights ? variance : 0;
    }
}
