using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Sets the parameters of the layers that a network begins with, which are statistics of the rows to learn from: replacements of missing values, a standardization, principal components, bins of a numeric embedding. The members of an ensemble have the same layers, and share those before.</summary>
internal static class InputStatistics
{
    /// <summary>Sets the standardization, and the replacements of missing values before it. A network that begins with one of the other layers needs none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="forLabels">Whether labels are learned. Then nothing comes of features, or channels, of one value only, whatever they are later: weights that nothing has taught would make anything of it. Words in a table are as those of sparse rows.</param>
    /// <returns>Of the features, how many nothing comes of.</returns>
    /// <exception cref="ArgumentException">The rows have another number of features than the network.</exception>
    /// <exception cref="InvalidOperationException">The network does not begin with such a layer.</exception>
    public static int Standardize(Network network, RowSource data, bool forLabels = false)
    {
        var standardization = network.Standardization;
        var hasReplacements = network.Layers[0].Layer is MissingValueLayer;
        if (standardization is null && !hasReplacements && ComponentsOf(network.Members[0]) is null && EmbeddingOf(network.Members[0]) is null)
            throw new InvalidOperationException($"The network begins with [{network.Layers[0]}]; to standardize features, its first layer must be a {nameof(StandardizationLayer)}.");
        if (data.Inputs != network.InputShape.Size)
            throw new ArgumentException($"The rows have {data.Inputs} features; the network takes {network.InputShape.Size}.", nameof(data));
        if (hasReplacements)
            MissingValueLayer.Set(network.Layers[0], [.. network.MissingColumns.Select(column => (float)data.Features.Center(column))]);
        if (standardization is not { } place)
            return 0;
        var (means, scales) = data.Features.ToStandardization(network.InputShape.Channels, forLabels);
        // Indicators of missing values behind the features stay 0 and 1.
        var indicators = hasReplacements ? network.MissingColumns : [];
        StandardizationLayer.Set(place, [.. means, .. new float[indicators.Count]], [.. scales, .. indicators.Select(column => forLabels && data.Features.IsAlwaysMissing(column) ? 0f : 1)]);
        return scales.Count(scale => scale == 0);
    }

    /// <summary>Standardizes features that nothing came of, where they have several values by now, and replaces those of them that are missing by these.</summary>
    public static void StandardizeLeftOut(Network network, RowSource data)
    {
        if (network.Standardization is not { } place || !StandardizationLayer.ScalesOf(place).Contains(0))
            return;
        var (means, scales) = StandardizationLayer.StatisticsOf(place);
        var (newMeans, newScales) = data.Features.ToStandardization(network.InputShape.Channels, forLabels: true);
        HashSet<int> taken = [.. Enumerable.Range(0, data.Inputs).Where(column => scales[column] == 0 && newScales[column] > 0)];
        foreach (var column in taken)
            (means[column], scales[column]) = (newMeans[column], newScales[column]);
        if (network.MissingColumns is { Count: > 0 } missing)
        {
            var replacements = MissingValueLayer.ReplacementsOf(network.Layers[0]);
            foreach (var (indicator, column) in missing.Index().Where(pair => taken.Contains(pair.Item)))
                (replacements[indicator], scales[data.Inputs + indicator]) = ((float)data.Features.Center(column), 1);
            MissingValueLayer.Set(network.Layers[0], replacements);
        }

        StandardizationLayer.Set(place, means, scales);
    }

    /// <summary>A network of the layers in front alone, with their statistics, to look at what comes out of them.</summary>
    /// <param name="input">The shape of the features.</param>
    /// <param name="missing">What comes first; null for nothing.</param>
    /// <param name="standardization">What comes next.</param>
    /// <param name="data">The rows to learn from.</param>
    public static Network Front(Shape input, MissingValueLayer? missing, StandardizationLayer standardization, RowSource data)
    {
        var front = Network.Create(input, missing is null ? [standardization] : [missing, standardization], seed: 0);
        Standardize(front, data, forLabels: true);
        return front;
    }

    /// <summary>Sets the principal components at the beginning, or right after a standardization, by rows that miss no value then.</summary>
    public static void SetComponents(Network network, RowSubset rows)
    {
        if (ComponentsOf(network.Members[0]) is not { } place)
            return;
        var kind = (PrincipalComponentsLayer)place.Layer;
        var columns = kind.ColumnsOf(place.InputShape);
        double[][] complete = [.. SampledRows.Of(rows, rows.Rows, columns.Length).Before(network, place.Index, columns).Where(row => row.All(double.IsFinite))];
        if (complete.Length > 0)
            SetComponents(network, PrincipalComponents.Of(complete));
    }

    /// <summary>The same with components that were found before, by the same rows.</summary>
    public static void SetComponents(Network network, PrincipalComponents components)
    {
        var kind = (PrincipalComponentsLayer)ComponentsOf(network.Members[0])!.Layer;
        var (weights, bias) = components.Whitening(kind.Components);
        foreach (var member in network.Members)
            PrincipalComponentsLayer.Set(ComponentsOf(member)!, weights, bias);
    }

    /// <summary>Sets the bins of a numeric embedding at the beginning, or right after a standardization and components, in all members of an ensemble. Those of a column of which there is no sample (<see cref="FeatureStatistics.TableSample"/>) stay as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="mostBins">How many bins a column uses, if not all.</param>
    public static void SetBins(Network network, RowSource data, Func<int, int>? mostBins = null)
    {
        var (standardization, components) = (network.Members[0].Standardization, ComponentsOf(network.Members[0]));
        if (data.Features.TableSample is not { } sample || EmbeddingOf(network.Members[0]) is not var (first, columns))
            return;
        var bins = ((NumericEmbeddingLayer)first.Layer).Bins;
        var before = NumericEmbeddingLayer.EdgesOf(first);
        var firstComponent = components is null ? int.MaxValue : FirstComponentOf(components);
        var ofComponents = components is null ? [] : ComponentValues(network, components, (RowSubset)data);
        float[] edges = [.. columns.SelectMany((column, number) =>
        {
            if (column >= firstComponent)
                return ColumnBins.Edges(ofComponents[column - firstComponent], bins);
            if (column < data.Inputs && !sample.Has(column))
                return before.AsSpan(number * (bins + 1), bins + 1).ToArray();
            // Of columns behind the features, the indicators of missing values, there is no sample.
            var ofColumn = ColumnBins.Edges(column < data.Inputs ? sample.DistinctValues(column) : [0, 1], bins, mostBins?.Invoke(column) ?? bins);
            if (standardization is not null)
                StandardizationLayer.Apply(standardization, column, ofColumn.AsSpan(0, ofColumn.Count(edge => edge < float.MaxValue)));
            return ofColumn;
        })];
        foreach (var member in network.Members)
            NumericEmbeddingLayer.Set(EmbeddingOf(member)!.Value.Place, edges);
    }

    /// <summary>The layer of principal components that a network begins with, behind the standardization where there is one; null where there is none.</summary>
    public static NetworkLayer? ComponentsOf(Network network) =>
        network.Layers.ElementAtOrDefault(network.Standardization is { } standardization ? standardization.Index + 1 : 0) is { Layer: PrincipalComponentsLayer } place ? place : null;

    /// <summary>The numeric embedding that a network begins with, behind the standardization and components, or the deep part of the layer there, and the columns of the network's input that it embeds; null where there is none.</summary>
    public static (NetworkLayer Place, IReadOnlyList<int> Columns)? EmbeddingOf(Network network) => network.Layers.ElementAtOrDefault((ComponentsOf(network) ?? network.Standardization) is { } last ? last.Index + 1 : 0) switch
    {
        { Layer: NumericEmbeddingLayer embedding } place => (place, embedding.ColumnsOf(place.InputShape)),
        { Layer: WideAndDeepLayer { Layers: [NumericEmbeddingLayer embedding, ..] } layer } place => (place.Inner[0], [.. embedding.ColumnsOf(place.Inner[0].InputShape).Select(column => layer.Columns[column])]),
        _ => null,
    };

    /// <summary>Whether principal components stand anywhere else in a network, where nothing sets them.</summary>
    public static bool HasComponentsElsewhere(Network network)
    {
        var place = ComponentsOf(network.Members[0]);
        return network.Members[0].Layers.SelectMany(WithInner).Any(layer => layer.Layer is PrincipalComponentsLayer && layer != place);

        static IEnumerable<NetworkLayer> WithInner(NetworkLayer layer) => layer.Inner.SelectMany(WithInner).Prepend(layer);
    }

    private static int FirstComponentOf(NetworkLayer place) => place.OutputShape.Size - ((PrincipalComponentsLayer)place.Layer).Components;

    /// <summary>(components): the distinct values of each, ascending, in some of the rows; of those that miss no value.</summary>
    private static float[][] ComponentValues(Network network, NetworkLayer place, RowSubset rows)
    {
        int[] columns = [.. Enumerable.Range(FirstComponentOf(place), ((PrincipalComponentsLayer)place.Layer).Components)];
        var values = SampledRows.Of(rows, rows.Rows, columns.Length).Before(network, place.Index + 1, columns);
        return [.. columns.Select((_, component) => values.Select(row => (float)row[component]).Where(float.IsFinite).Distinct().Order().ToArray())];
    }
}
