namespace MLNet.DenseNet.Engine.Tests;

public class NetworkSummaryTests
{
    private static readonly Network Network = Network.Create(
        new Shape(28, 28), [new DenseLayer(300, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(1000, Activation.ReLU), new DenseLayer(10, Activation.Softmax)], seed: 1);

    [Fact]
    public void Layers_are_counted_as_the_network_counts_them()
    {
        var summary = Network.Summary();
        Assert.Equal((Network.InputShape, Network.OutputShape, Network.ParameterCount), (summary.InputShape, summary.OutputShape, summary.ParameterCount));
        Assert.Equal(4 * (784 * 300 + 300 + 300 * 1000 + 1000 + 1000 * 10 + 10), summary.ParameterBytes);
        // GELU's derivative needs the sums beside the outputs.
        Assert.Equal([8 * 300, 4 * 300, 4 * 1000, 4 * 10], summary.Layers.Select(l => l.BytesPerRow));
        Assert.Equal(summary.Layers.Sum(l => l.BytesPerRow), summary.BytesPerRow);
        Assert.Equal(["GELU", null, "ReLU", "softmax"], summary.Layers.Select(l => l.Activation));
    }

    [Fact]
    public void Layers_of_an_ensemble_are_listed_once_for_all_members()
    {
        var ensemble = Network.Create(6, [new StandardizationLayer(), new EnsembleLayer(3, [new DenseLayer(4, Activation.GELU), new DenseLayer(2, Activation.Softmax)])], seed: 1);
        var summary = ensemble.Summary();
        Assert.Equal(ensemble.ParameterCount, summary.ParameterCount);
        Assert.Equal([1, 3, 3], summary.Layers.Select(l => l.Members));
        Assert.Equal([0, 3 * (6 * 4 + 4), 3 * (4 * 2 + 2)], summary.Layers.Select(l => l.ParameterCount));
        Assert.Equal([4 * 6, 3 * 8 * 4, 3 * 4 * 2], summary.Layers.Select(l => l.BytesPerRow));
        Assert.Equal(["3 x Dense 4 GELU", "3 x Dense 2 softmax"], summary.Layers.Skip(1).Select(l => l.Title));
        Assert.Contains("1  3 x Dense 4 GELU ", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_a_table() => Assert.Equal(
        [
            "   layer             shape           parameters     memory  per row",
            "0  Dense 300 GELU    28 x 28 -> 300     235,500  919.9 KiB  2.3 KiB",
            "1  Dropout 0.2       300 -> 300               0        0 B  1.2 KiB",
            "2  Dense 1000 ReLU   300 -> 1000        301,000    1.1 MiB  3.9 KiB",
            "3  Dense 10 softmax  1000 -> 10          10,010   39.1 KiB     40 B",
            "   all               28 x 28 -> 10      546,510    2.1 MiB  7.5 KiB",
        ],
        Network.Summary().ToString().Split('\n'));

    [Fact]
    public void Layers_inside_others_have_lines_below_them()
    {
        var network = Network.Create(
            new Shape(8, 8, 4),
            [
                new ResidualLayer([new ConvolutionLayer(6, 3, stride: 2, padding: Padding.Same, activation: Activation.GELU), new ResidualLayer([new DropoutLayer(0.2f)])]),
                new DenseLayer(2),
            ],
            seed: 1);
        var summary = network.Summary();
        Assert.Equal(network.ParameterCount, summary.ParameterCount);
        Assert.Equal(
            [
                "       layer                                                    shape                   parameters   memory  per row",
                "    0  Residual                                                 8 x 8 x 4 -> 4 x 4 x 6         246    984 B  1.9 KiB",
                "  0.1    Convolution 6, kernel 3, stride 2, same padding, GELU  8 x 8 x 4 -> 4 x 4 x 6         222    888 B    768 B",
                "  0.2    Residual                                               4 x 4 x 6 -> 4 x 4 x 6           0      0 B    768 B",
                "0.2.1      Dropout 0.2                                          4 x 4 x 6 -> 4 x 4 x 6           0      0 B    384 B",
                "    1  Dense 2 identity                                         4 x 4 x 6 -> 2                 194    776 B      8 B",
                "       all                                                      8 x 8 x 4 -> 2                 440  1.7 KiB  1.9 KiB",
            ],
            summary.ToString().Split('\n'));
    }
}
