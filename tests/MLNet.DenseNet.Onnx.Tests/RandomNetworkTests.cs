using CsCheck;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Tests;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>Networks of random layers predict the same in ONNX Runtime.</summary>
public class RandomNetworkTests
{
    // Of 20,000 networks 98 are, 5 in a thousand: this leaves room for chance.
    private const int MostIllConditioned = 6;

    [Fact]
    public void Random_networks_are_the_same()
    {
        const int Networks = 150;
        var wellConditioned = 0;
        Gen.Int[0, int.MaxValue].Sample(seed => wellConditioned += IsRandomNetworkTheSame(seed) ? 1 : 0, iter: Networks, threads: 1);
        Assert.InRange(wellConditioned, Networks - MostIllConditioned, Networks);
    }

    /// <returns>Whether it is well-conditioned; see <see cref="CheckSame"/>.</returns>
    private static bool IsRandomNetworkTheSame(int seed)
    {
        var random = new Random(seed);
        Shape shape = random.Next(3) switch
        {
            0 => random.Next(1, 40),
            1 => new Shape(random.Next(1, 9), random.Next(1, 9)),
            _ => new Shape(random.Next(1, 9), random.Next(1, 9), random.Next(1, 5)),
        };
        var (layers, current) = (new List<Layer>(), shape);
        for (var tries = 0; tries < 40 && layers.Count < 6; tries++)
        {
            var layer = RandomLayer(random, current);
            if (Shapes.After(layer, current) is not { } next || next.Size > 2000)
                continue;
            layers.Add(layer);
            current = next;
        }

        if (random.Next(3) == 0)
            layers = [new StandardizationLayer(), new EnsembleLayer(random.Next(1, 4), [.. layers, new DenseLayer(2)])];
        else
            layers.Add(new DenseLayer(2));
        return CheckSame(RandomParameters.Set(Network.Create(shape, layers, seed), seed), random.Next(1, 7));
    }

    private static Layer RandomLayer(Random random, Shape shape)
    {
        var channels = shape.Dimensions[^1];
        Activation[] activations = [.. Samples.Activations.Values.Where(kind => kind != Activation.Exponential)];
        var hidden = activations.Where(candidate => candidate != Activation.Softmax).ToArray();
        var activation = hidden[random.Next(hidden.Length)];
        var padding = (Padding)random.Next(2);
        return random.Next(21) switch
        {
            0 => new DenseLayer(random.Next(1, 20), activation),
            1 => new ConvolutionLayer(random.Next(1, 3) * channels, random.Next(1, 4), random.Next(1, 3), padding, random.Next(1, 3), random.Next(2) == 0 ? 1 : channels, activation),
            2 => new MaxPoolingLayer(random.Next(1, 4), random.Next(1, 4), padding),
            3 => new AveragePoolingLayer(random.Next(1, 4), random.Next(1, 4), padding),
            4 => random.Next(2) == 0 ? new GlobalMaxPoolingLayer() : new GlobalAveragePoolingLayer(),
            5 => new RecurrentLayer(random.Next(1, 6), activation, random.Next(2) == 0),
            6 => new LstmLayer(random.Next(1, 6), random.Next(2) == 0),
            7 => new GruLayer(random.Next(1, 6), random.Next(2) == 0),
            8 => new BidirectionalLayer(random.Next(2) == 0 ? new GruLayer(random.Next(1, 6), random.Next(2) == 0) : new LstmLayer(random.Next(1, 6), random.Next(2) == 0)),
            9 => new BatchNormalizationLayer(),
            10 => new LayerNormalizationLayer(0.1f),
            11 => new ActivationLayer(activations[random.Next(activations.Length)]),
            12 => new ResidualLayer([new ConvolutionLayer(random.Next(1, 6), 3, random.Next(1, 3), Padding.Same)]),
            13 => new ResidualLayer([new DenseLayer(random.Next(1, 9))]),
            14 => new NumericEmbeddingLayer(random.Next(1, 5), random.Next(1, 9), scaleRate: random.Next(2)),
            15 => new DropoutLayer(0.5f),
            16 => new ReshapeLayer(shape.Size),
            17 => new MissingValueLayer([0, .. shape.Size > 1 ? (int[])[shape.Size - 1] : []]),
            18 => new WideAndDeepLayer([0, .. shape.Size > 2 ? (int[])[shape.Size / 2] : []], [new NumericEmbeddingLayer(random.Next(1, 5), random.Next(1, 9)), new DenseLayer(random.Next(1, 20), activation)]),
            19 => new PrincipalComponentsLayer(random.Next(1, 9), random.Next(2) == 0 ? [0] : null, limit: 2, keepsInputs: random.Next(2) == 0),
            _ => new StandardizationLayer(),
        };
    }

    /// <summary>
    /// Outputs are the same to within 1e-5 of the largest. In a few networks, such as those with a bin of hardly any width or with sums that cancel, the last bit of a number decides more than that:
    /// they are ill-conditioned, and there what the next float of every input or parameter moves our own outputs by, a few times over, is no fault.
    /// </summary>
    /// <returns>Whether 1e-5 was all that was allowed.</returns>
    private static bool CheckSame(Network network, int rows)
    {
        using var model = OnnxModel.Of(network);
        float[] inputs = [.. Samples.Numbers(rows * network.InputShape.Size, seed: 11).Select(value => 2 * value)];
        var expected = network.Predict(inputs);
        var actual = model.Run(inputs)["output"];
        var allowed = 4 * MovedByRounding(network, inputs, expected);
        Close.Check(expected, actual, allowed);
        return allowed <= Close.Relative * expected.Max(Math.Abs);
    }

    /// <summary>By how much the outputs change at most where every input is the next float, or about every second parameter.</summary>
    private static double MovedByRounding(Network network, float[] inputs, float[] outputs)
    {
        var moved = Math.Max(Difference([.. inputs.Select(MathF.BitIncrement)]), Difference([.. inputs.Select(MathF.BitDecrement)]));
        var random = new Random(1);
        var values = network.Parameters.Select(parameter => parameter.ToArray()).ToArray();
        for (var change = 0; change < 4; change++)
        {
            foreach (var (parameter, own) in network.Parameters.Zip(values))
                network.SetParameter(parameter, [.. own.Select(value => value < float.MaxValue && random.Next(2) == 0 ? MathF.BitIncrement(value) : value)]);
            moved = Math.Max(moved, Difference(inputs));
        }

        return moved;

        double Difference(float[] near) => network.Predict(near).Zip(outputs, (other, own) => Math.Abs((double)other - own)).Max();
    }
}
