namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>The check itself, on the layer whose gradients are known to be right.</summary>
public class LayerCheckTests
{
    [Fact]
    public void A_dense_layer_passes() => new LayerCheck(new DenseLayer(3, Activation.Tanh), 4, Dense).Run();

    [Fact]
    public void Another_function_does_not_pass() => Assert.ThrowsAny<Exception>(() => new LayerCheck(new DenseLayer(3, Activation.Sigmoid), 4, Dense).Run());

    /// <summary>The same outputs, but they do not depend on the bias.</summary>
    [Fact]
    public void Another_gradient_does_not_pass()
    {
        double[]? bias = null;
        Assert.ThrowsAny<Exception>(() => new LayerCheck(new DenseLayer(3, Activation.Tanh), 4, (x, rows, parameters) => Dense(x, rows, [parameters[0], bias ??= [.. parameters[1]]])).Run());
    }

    private static double[] Dense(double[] x, int rows, double[][] parameters)
    {
        var y = new double[rows * 3];
        for (var i = 0; i < y.Length; i++)
            y[i] = Math.Tanh(parameters[1][i % 3] + Enumerable.Range(0, 4).Sum(k => x[i / 3 * 4 + k] * parameters[0][k * 3 + i % 3]));
        return y;
    }
}
