using System.Globalization;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>A network as text. Its numbers are the same in every culture and, read back, the same to the bit.</summary>
internal static class NetworkText
{
    /// <summary>A table of the layers.</summary>
    public static void WriteSummary(TextWriter writer, Network network)
    {
        foreach (var line in network.Summary().Lines())
            writer.WriteLine(line);
    }

    /// <summary>The values of each parameter, tab-separated: a line for each index of its first dimensions, all of its last dimension on it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="network">Its parameters.</param>
    /// <param name="featureNames">The names to put before the lines of a parameter that has a line for each feature, such as the weights of the first dense layer; null where features have no names. They are in the order in which the network takes the features.</param>
    public static void WriteParameters(TextWriter writer, Network network, IReadOnlyList<string>? featureNames)
    {
        foreach (var member in network.Members)
        {
            var layers = member.Layers;
            var ofFeatures = OfFeatures(layers).ToHashSet();
            for (var position = member == network.Members[0] ? 0 : network.CommonLayers; position < layers.Count; position++)
            {
                foreach (var parameter in layers[position].Parameters)
                    WriteParameter(writer, position, parameter, ofFeatures.Contains(parameter) ? featureNames : null);
            }
        }
    }

    /// <summary>The weights that features are multiplied by: those of the first layer that learns, its own and those of the first such layer inside it.</summary>
    private static IEnumerable<Parameter> OfFeatures(IReadOnlyList<NetworkLayer> layers)
    {
        if (layers.FirstOrDefault(layer => layer.ParameterCount > 0) is not { } first)
            return [];
        var own = first.Parameters.Count - first.Inner.Sum(inner => inner.Parameters.Count);
        return [.. first.Parameters.Take(Math.Min(own, 1)), .. OfFeatures(first.Inner)];
    }

    private static void WriteParameter(TextWriter writer, int position, Parameter parameter, IReadOnlyList<string>? featureNames)
    {
        writer.WriteLine();
        writer.WriteLine(FormattableString.Invariant($"{position}\t{parameter.Name}\t{parameter.Shape}"));
        var dimensions = parameter.Shape.Dimensions;
        var isByFeature = dimensions.Length == 2 && dimensions[0] == featureNames?.Count;
        var columns = dimensions[^1];
        var values = parameter.ToArray();
        for (var row = 0; row < parameter.Shape.Size / columns; row++)
            WriteRow(writer, isByFeature ? featureNames![row] : null, values.AsSpan(row * columns, columns));
    }

    private static void WriteRow(TextWriter writer, string? name, ReadOnlySpan<float> values)
    {
        if (name is not null)
        {
            // A tab or the end of a line would end the name.
            writer.Write(string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter)));
            writer.Write('\t');
        }

        for (var column = 0; column < values.Length; column++)
        {
            if (column > 0)
                writer.Write('\t');
            writer.Write(values[column].ToString(CultureInfo.InvariantCulture));
        }

        writer.WriteLine();
    }
}
