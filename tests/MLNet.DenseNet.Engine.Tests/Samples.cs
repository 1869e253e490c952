using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>What many tests need: every activation by name, repeatable numbers, and parameters as bits.</summary>
internal static class Samples
{
    public static IReadOnlyDictionary<string, Activation> Activations { get; } = new Activation[]
    {
        Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU,
        Activation.LeakyReLU(0.2f), Activation.GELU, Activation.SiLU, Activation.Softmax,
    }.ToDictionary(activation => activation.Name);

    /// <summary>Uniform over [-1, 1).</summary>
    public static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    public static int[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    public static int[] ParameterBits(Network network) => [.. network.Parameters.SelectMany(p => Bits(p.ToArray()))];

    public static void CopyParameters(Network from, Network to)
    {
        foreach (var (source, destination) in from.Parameters.Zip(to.Parameters))
            to.SetParameter(destination, source.ToArray());
    }
}
