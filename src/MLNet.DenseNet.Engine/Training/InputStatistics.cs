using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Sets the parameters of the layers that a network begins with, which are statistics of the rows to learn from: replacements of missing values, a standardization, principal components, bins of a numeric embedding. The members of an ensemble have the same layers, and share those before.</summary>
internal static class InputStatistics
{
    // The values of the rows that components are found by: with more, the decomposition would take longer than a training.
    private const int MostValues = 1 << 18;
    private const int FewestRows = 512;
    private const int MostRows = 4096;

    private const int SampleSeed = 1;

    /// <summary>Sets the standardization, and the replacements of missing values before it.</summary>
    /// <exception cref="ArgumentException">The rows have another number of features than the network.</exception>
    /// <exception cref="InvalidOperationException">The network does not begin with such a layer.</exception>
    public static void Standardize(Network network, RowSource data)
    {
        if (StandardizationOf(network) is not { } place)
            throw new InvalidOperationException($"The network begins with [{network.Layers[0]}]; to standardize features, its first layer must be a {nameof(StandardizationLayer)}.");
        if (data.Inputs != network.InputShape.Size)
            throw new ArgumentException($"The rows have {data.Inputs} features; the network takes {network.InputShape.Size}.", nameof(data));
        var (means, scales) = data.Features.ToStandardization(network.InputShape.Channels);
        if (place.Index > 0)
            MissingValueLayer.Set(network.Layers[0], [.. network.MissingColumns.Select(column => (float)data.Features.Center(column))]);
        // Indicators of missing values behind the features stay 0 and 1.
        var indicators = place.InputShape.Size - data.Inputs;
        StandardizationLayer.Set(place, [.. means, .. new float[indicators]], [.. scales, .. Enumerable.Repeat(1f, indicators)]);
    }

    /// <summary>Sets the principal components at the beginning, or right after a standardization, by rows that miss no value then.</summary>
    public static void SetComponents(Network network, RowSubset rows)
    {
        if (ComponentsOf(network.Members[0]) is not { } place)
            return;
        var kind = (PrincipalComponentsLayer)place.Layer;
        var columns = kind.ColumnsOf(place.InputShape);
        double[][] complete = [.. RowsBefore(network, place.Index, rows.Data, columns, SampleFor(rows.Data, rows.Rows, columns.Length)).Where(row => row.All(double.IsFinite))];
        if (complete.Length == 0)
            return;
        var (weights, bias) = PrincipalComponents.Of(complete).Whitening(kind.Components);
        foreach (var member in network.Members)
            PrincipalComponentsLayer.Set(ComponentsOf(member)!, weights, bias);
    }

    /// <summary>Chooses the components of what comes out of layers in front, whose statistics are set.</summary>
    /// <param name="front">A network of these layers.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="columns">What the components would be of.</param>
    public static ComponentChoice ChooseComponents(Network front, RowSubset rows, int[] columns)
    {
        if (OutputsOf(rows) > ComponentChoice.MostOutputs)
            return default;
        var sample = SampleFor(rows.Data, rows.Rows, columns.Length);
        return ComponentChoice.Of(PrincipalComponents.Of(RowsBefore(front, front.Layers.Count, rows.Data, columns, sample)), Targets(rows, sample, OutputsOf(rows), scaling: null));
    }

    /// <summary>Makes a dense output layer right behind principal components that of a ridge regression on what these are of, of classes of 0 and 1 that become logits, in each member of an ensemble by the rows that it learns from.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="folds">Those that members leave out; null for none.</param>
    /// <param name="scaling">What brings targets to those that are learned; null where they are learned as they are.</param>
    public static void BeginAtRidge(Network network, RowSubset rows, HeldOutFolds? folds, TargetScaling? scaling)
    {
        var place = ComponentsOf(network.Members[0])!;
        var deviations = PrincipalComponentsLayer.DeviationsOf(place);
        int[] columns = [.. Enumerable.Range(0, deviations.Length)];
        for (var member = 0; member < network.Members.Length; member++)
        {
            var own = folds is null ? rows.Rows : rows.Rows.ToArray().Where(row => folds.HeldOutBy[row] != member).ToArray();
            var sample = SampleFor(rows.Data, own, columns.Length);
            // A component of variance 1 would be held to be as sure as all others.
            var values = RowsBefore(network, place.Index + 1, rows.Data, columns, sample);
            foreach (var row in values)
                Multiply(row, deviations);
            var targets = Targets(rows, sample, network.OutputShape.Size, scaling);
            var ridge = RidgeRegression.Of(PrincipalComponents.Of(values), targets);
            var (weights, bias) = ridge.Coefficients();
            var last = network.Members[member].Layers[^1];
            DenseLayer.Set(last, [.. weights.Select((weight, i) => (float)(weight * deviations[i / bias.Length]))], bias);
            if (rows.ClassCount > 0)
                BeginAtLogits(last, LogitScale.Of(ridge.LeftOut(deviations.Length), targets), targets);
        }
    }

    /// <summary>Sets the bins of a numeric embedding at the beginning, or right after a standardization and components, in all members of an ensemble. Those of a column of which there is no sample (<see cref="FeatureStatistics.Sample"/>) stay as they are.</summary>
    public static void SetBins(Network network, RowSource data)
    {
        var (standardization, components) = (StandardizationOf(network.Members[0]), ComponentsOf(network.Members[0]));
        var index = (components ?? standardization) is { } last ? last.Index + 1 : 0;
        if (data.Features.Sample is not { } sample || EmbeddingOf(network.Members[0], index) is not var (first, columns))
            return;
        var bins = ((NumericEmbeddingLayer)first.Layer).Bins;
        var before = NumericEmbeddingLayer.EdgesOf(first);
        var firstComponent = components is null ? int.MaxValue : FirstComponentOf(components);
        var ofComponents = components is null ? [] : ComponentValues(network, components, (RowSubset)data);
        float[] edges = [.. columns.SelectMany((column, index) =>
        {
            if (column >= firstComponent)
                return ColumnBins.Edges(ofComponents[column - firstComponent], bins);
            if (column < data.Inputs && !sample.Has(column))
                return before.AsSpan(index * (bins + 1), bins + 1).ToArray();
            // Of columns behind the features, the indicators of missing values, there is no sample.
            var ofColumn = ColumnBins.Edges(column < data.Inputs ? sample.DistinctValues(column) : [0, 1], bins);
            if (standardization is not null)
                StandardizationLayer.Apply(standardization, column, ofColumn.AsSpan(0, ofColumn.Count(edge => edge < float.MaxValue)));
            return ofColumn;
        })];
        foreach (var member in network.Members)
            NumericEmbeddingLayer.Set(EmbeddingOf(member, index)!.Value.Place, edges);
    }

    /// <summary>The standardization that a network begins with, behind a layer of missing values where there is one; null where there is none.</summary>
    private static NetworkLayer? StandardizationOf(Network network) => network.Layers[network.Layers[0].Layer is MissingValueLayer && network.Layers.Count > 1 ? 1 : 0] is { Layer: StandardizationLayer } place ? place : null;

    /// <summary>The layer of principal components that a network begins with, behind the standardization where there is one; null where there is none.</summary>
    private static NetworkLayer? ComponentsOf(Network network) =>
        network.Layers.ElementAtOrDefault(StandardizationOf(network) is { } standardization ? standardization.Index + 1 : 0) is { Layer: PrincipalComponentsLayer } place ? place : null;

    /// <summary>The numeric embedding at a position of a network, or at the beginning of the deep part of the layer there, and the columns of the network's input that it embeds; null where there is none.</summary>
    private static (NetworkLayer Place, IReadOnlyList<int> Columns)? EmbeddingOf(Network network, int index) => network.Layers.ElementAtOrDefault(index) switch
    {
        { Layer: NumericEmbeddingLayer embedding } place => (place, embedding.ColumnsOf(place.InputShape)),
        { Layer: WideAndDeepLayer { Layers: [NumericEmbeddingLayer embedding, ..] } layer } place => (place.Inner[0], [.. embedding.ColumnsOf(place.Inner[0].InputShape).Select(column => layer.Columns[column])]),
        _ => null,
    };

    private static int FirstComponentOf(NetworkLayer place) => place.OutputShape.Size - ((PrincipalComponentsLayer)place.Layer).Components;

    /// <summary>(components): the distinct values of each, ascending, in some of the rows.</summary>
    private static float[][] ComponentValues(Network network, NetworkLayer place, RowSubset rows)
    {
        int[] columns = [.. Enumerable.Range(FirstComponentOf(place), ((PrincipalComponentsLayer)place.Layer).Components)];
        var values = RowsBefore(network, place.Index + 1, rows.Data, columns, SampleFor(rows.Data, rows.Rows, columns.Length));
        return [.. columns.Select((_, component) => values.Select(row => (float)row[component]).Distinct().Order().ToArray())];
    }

    /// <summary>Some of the rows that count, drawn at random, always the same ones, in their order.</summary>
    private static int[] SampleFor(Dataset data, ReadOnlySpan<int> rows, int columns)
    {
        var counted = rows.ToArray();
        if (data.HasWeights && Array.FindAll(counted, row => data.Weight(row) > 0) is { Length: > 0 } weighted)
            counted = weighted;
        var most = Math.Clamp(MostValues / columns, FewestRows, MostRows);
        if (counted.Length <= most)
            return counted;
        new RandomBits(SampleSeed, 0).Shuffle(counted);
        return [.. counted.Take(most).Order()];
    }

    /// <summary>(rows x columns): what the first layers of a network make of rows.</summary>
    private static double[][] RowsBefore(Network network, int layers, Dataset data, int[] columns, int[] rows)
    {
        var (member, features) = (network.Members[0], new float[data.Inputs]);
        using var workspace = member.CreateWorkspace(1);
        return Array.ConvertAll(rows, row =>
        {
            data.CopyFeatures(row, features);
            member.Forward(features, workspace);
            var output = layers == 0 ? features : workspace.Output(layers - 1);
            var values = new double[columns.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = output[columns[i]];
            return values;
        });
    }

    /// <summary>Makes an output layer that predicts classes as 0 and 1 one of their logits.</summary>
    private static void BeginAtLogits(NetworkLayer last, double factor, double[][] targets)
    {
        double[] shares = [.. targets.Select(ofOutput => ofOutput.Average())];
        DenseLayer.TransformOutputs(last, Array.ConvertAll(shares, _ => factor), Array.ConvertAll(shares, share => LogitScale.OfShare(share, shares.Length == 1) - factor * share));
    }

    private static int OutputsOf(RowSubset rows) => rows.ClassCount > 0 ? rows.ClassCount : rows.TargetCount;

    private static void Multiply(double[] values, double[] factors)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factors[i];
    }

    /// <summary>(outputs x rows): 0 and 1 for classes.</summary>
    private static double[][] Targets(RowSubset rows, int[] sample, int outputs, TargetScaling? scaling)
    {
        var (targets, ofRow) = (new double[outputs][], new float[outputs]);
        for (var output = 0; output < outputs; output++)
            targets[output] = new double[sample.Length];
        for (var i = 0; i < sample.Length; i++)
        {
            rows.Data.CopyTargets([sample[i]], ofRow, outputs);
            for (var output = 0; output < outputs; output++)
                targets[output][i] = scaling is null ? ofRow[output] : scaling.Scales[output] == 0 ? 0 : scaling.Standardize(ofRow[output], output);
        }

        return targets;
    }
}
