namespace MLNet.DenseNet.Engine;

/// <summary>The numbers of a table, weighed by how surely they go with the label (<see cref="NumberScreening"/>).</summary>
/// <param name="Columns">Which features they are.</param>
/// <param name="Weights">(numbers): up to 1; 0 where one tells no more than chance.</param>
/// <param name="ScaleOfOthers">What these are multiplied by.</param>
/// <param name="Partners">Which other features, indicators, tell something together with a number.</param>
internal sealed record ScreenedNumbers(int[] Columns, float[] Weights, float ScaleOfOthers, int[] Partners)
{
    /// <summary>Those that tell something.</summary>
    public int[] Told => [.. Columns.Where((_, number) => Weights[number] > 0)];

    /// <summary>Multiplies standardized numbers that tell nothing, and functions of the others, whose scales are learned on from there.</summary>
    /// <param name="network">It begins with a standardization that was set, and embeds those that tell something.</param>
    public void Apply(Network network)
    {
        var (means, scales) = StandardizationLayer.StatisticsOf(network.Standardization!);
        foreach (var (number, weight) in Weights.Index())
            scales[Columns[number]] *= weight > 0 ? 1 : ScaleOfOthers;
        StandardizationLayer.Set(network.Standardization!, means, scales);
        var weightOf = Columns.Zip(Weights).ToDictionary();
        foreach (var member in network.Members)
        {
            if (InputStatistics.EmbeddingOf(member) is var (place, columns))
                NumericEmbeddingLayer.SetFactors(place, [.. columns.Select(column => weightOf.GetValueOrDefault(column, 1))]);
        }
    }
}
