using MLNet.DenseNet.Engine.Numerics;

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

    // Of features and outputs: 128 MiB. With more outputs, rows are gone through again.
    private const int MostProducts = 1 << 24;

    /// <summary>Sets the scales of a standardization in each member to the weights of what comes to it.</summary>
    /// <param name="network">Its members have the same layers, and share those before.</param>
    /// <param name="index">The position of the standardization in a member.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="folds">Those that members leave out; null for none.</param>
    /// <param name="throwIfCanceled">Called for each row.</param>
    /// <param name="mostProducts">How many sums of products there are at once.</param>
    public static void Apply(Network network, int index, RowSubset rows, HeldOutFolds? folds, Action throwIfCanceled, int mostProducts = MostProducts)
    {
        for (var member = 0; member < network.Members.Length; member++)
        {
            var place = network.Members[member].Layers[index];
            var own = HeldOutFolds.LearnedBy(folds, rows, member);
            StandardizationLayer.Set(place, new float[place.InputShape.Size], Weights(network.Members[member], index, rows.Data, own, throwIfCanceled, mostProducts));
        }
    }

    /// <summary>What the weights of a member add up to, in the mean of all members.</summary>
    /// <param name="network">As above.</param>
    /// <param name="index">As above.</param>
    public static double SumOfWeights(Network network, int index) => network.Members.ToArray().Average(member => StandardizationLayer.ScalesOf(member.Layers[index]).Sum(weight => (double)weight));

    private static float[] Weights(Network member, int index, Dataset data, int[] rows, Action throwIfCanceled, int mostProducts)
    {
        var (inputs, outputs) = (member.Layers[index].InputShape.Size, member.OutputShape.Size);
        using var workspace = member.CreateWorkspace(1);
        var squares = new double[inputs];
        var atOnce = Math.Max(1, mostProducts / inputs);
        for (var output = 0; output < outputs; output += atOnce)
            AddSquares(squares, output, Math.Min(outputs, output + atOnce));
        var largest = squares.Max();
        return Array.ConvertAll(squares, square => largest > 0 ? ToWeight(square / largest) : 1);

        // Squares of correlations, where they are larger: roots and powers of others have other last bits on other machines.
        void AddSquares(double[] squares, int first, int end)
        {
            var count = end - first;
            var (features, targets) = (new Sums[inputs], new Sums[count]);
            var (products, ofRow, target, weights) = (new double[inputs * count], new float[outputs], new double[count], 0.0);
            // Counted from the first row's, what differs is not lost beside a large mean, as of a time in seconds.
            var origin = new float[outputs];
            data.CopyTargets([rows[0]], origin, outputs);
            foreach (var row in rows)
            {
                throwIfCanceled();
                member.Forward(data.FeaturesOf(row), workspace);
                data.CopyTargets([row], ofRow, outputs);
                double weight = data.Weight(row);
                weights += weight;
                for (var j = 0; j < count; j++)
                    targets[j].Add(target[j] = (double)ofRow[first + j] - origin[first + j], weight);
                var x = workspace.Output(index - 1);
                for (var i = 0; i < inputs; i++)
                {
                    features[i].Add(x[i], weight);
                    DoubleVectors.AddScaled(target, weight * x[i], products.AsSpan(i * count, count));
                }
            }

            for (var i = 0; i < products.Length; i++)
            {
                var (feature, goal) = (features[i / count], targets[i % count]);
                var covariance = products[i] / weights - feature.Mean(weights) * goal.Mean(weights);
                var variances = feature.Variance(weights) * goal.Variance(weights);
                if (variances > 0)
                    squares[i / count] = Math.Max(squares[i / count], covariance * covariance / variances);
            }
        }
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
