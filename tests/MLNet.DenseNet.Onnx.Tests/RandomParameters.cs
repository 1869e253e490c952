using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Tests;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>Parameters of which none is zero or what a new network has, so that none can be left out unnoticed.</summary>
internal static class RandomParameters
{
    /// <returns>The network.</returns>
    public static Network Set(Network network, int seed)
    {
        foreach (var (parameter, index) in network.Parameters.Select((parameter, index) => (parameter, index)))
        {
            var values = Samples.Numbers(parameter.Shape.Size, seed + index);
            network.SetParameter(parameter, parameter.Name switch
            {
                _ when parameter.Name.Contains("variance", StringComparison.Ordinal) => [.. values.Select(value => 1.5f + value)],
                _ when parameter.Name.Contains("edges", StringComparison.Ordinal) => Ascending(values, parameter.Shape.Dimensions[1]),
                _ => values,
            });
        }

        return network;
    }

    /// <summary>Edges of bins; in every second row, the last one is unused.</summary>
    private static float[] Ascending(float[] values, int length)
    {
        for (var start = 0; start < values.Length; start += length)
        {
            values.AsSpan(start, length).Sort();
            if (start / length % 2 == 1)
                values[start + length - 1] = float.MaxValue;
        }

        return values;
    }
}
