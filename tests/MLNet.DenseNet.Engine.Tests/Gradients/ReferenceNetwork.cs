namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>
/// A network in float64 and plain loops, with the parameters of an engine's network at the time of construction. Its gradient is
/// the central difference of its objective, so it knows nothing of backpropagation.
/// </summary>
internal sealed class ReferenceNetwork(Network network, Loss loss)
{
    private const double DifferenceStep = 1e-6;

    private readonly double[][] _parameters = [.. network.Parameters.Select(p => ToDouble(p.ToArray()))];

    /// <summary>(rows x units) for each dropout layer, by its index: the factors of its values. Empty at prediction.</summary>
    public Dictionary<int, double[]> DropoutFactors { get; } = [];

    /// <summary>The weighted mean loss plus decay/2 times the sum of squared weights, biases left out.</summary>
    public double Objective(Examples examples, double decay = 0)
    {
        double sum = 0, total = 0;
        for (var row = 0; row < examples.Rows; row++)
        {
            var weight = examples.Weights.Length == 0 ? 1 : examples.Weights[row];
            var output = Predict(row, Row(examples.Features, row, examples.Rows));
            var isLink = (loss, network.OutputActivation?.Name) is
                (SoftmaxCrossEntropy or MulticlassHingeLoss, "softmax") or (BinaryCrossEntropy or HingeLoss or FocalLoss, "sigmoid") or (PoissonLoss or GammaLoss or TweedieLoss, "exponential");
            sum += weight * ReferenceFunctions.Lose(loss, output, isLink, Row(examples.Targets, row, examples.Rows));
            total += weight;
        }

        return sum / total + decay / 2 * network.Parameters.Zip(_parameters).Where(p => p.First.Name == "weights").Sum(p => p.Second.Sum(w => w * w));
    }

    /// <summary>The derivative of the objective by every value of every parameter; 0 where it is not trained.</summary>
    public double[][] Gradient(Examples examples, double decay = 0) =>
        [.. _parameters.Select((values, p) => values.Select((_, i) => network.Parameters[p].IsTrained ? Derivative(values, i, examples, decay) : 0).ToArray())];

    private double Derivative(double[] values, int index, Examples examples, double decay)
    {
        var value = values[index];
        values[index] = value + DifferenceStep;
        var above = Objective(examples, decay);
        values[index] = value - DifferenceStep;
        var below = Objective(examples, decay);
        values[index] = value;
        return (above - below) / (2 * DifferenceStep);
    }

    private double[] Predict(int row, double[] x)
    {
        var parameter = 0;
        foreach (var layer in network.Layers)
        {
            if (layer.Layer is DenseLayer dense)
                x = ReferenceFunctions.Activate(dense.Activation, WeightedSums(x, _parameters[parameter++], _parameters[parameter++]));
            else if (layer.Layer is StandardizationLayer standardization)
                x = Standardize(x, _parameters[parameter++], _parameters[parameter++], standardization.Limit);
            else if (DropoutFactors.TryGetValue(layer.Index, out var factors))
                x = [.. x.Select((value, j) => value * factors[row * x.Length + j])];
        }

        return x;
    }

    private static double[] Standardize(double[] x, double[] means, double[] scales, double limit) =>
        [.. x.Select((value, j) => (value - means[j]) * scales[j]).Select(z => z / Math.Sqrt(1 + z * z / (limit * limit)))];

    private static double[] WeightedSums(double[] x, double[] weights, double[] bias)
    {
        var sums = bias.ToArray();
        for (var j = 0; j < sums.Length; j++)
        {
            for (var i = 0; i < x.Length; i++)
                sums[j] += x[i] * weights[i * sums.Length + j];
        }

        return sums;
    }

    private static double[] Row(float[] matrix, int row, int rows)
    {
        var width = matrix.Length / rows;
        return ToDouble(matrix.AsSpan(row * width, width));
    }

    private static double[] ToDouble(ReadOnlySpan<float> values) => [.. values.ToArray().Select(x => (double)x)];
}
