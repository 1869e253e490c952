using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Some of the rows to learn from: as many as a decomposition can have in less time than a training takes.</summary>
internal sealed class SampledRows
{
    private const int MostValues = 1 << 18;
    private const int FewestRows = 512;
    private const int MostRows = 4096;
    private const int Seed = 1;

    private readonly Dataset _data;
    private readonly int[] _rows;

    private SampledRows(Dataset data, int[] rows) => (_data, _rows) = (data, rows);

    /// <summary>Draws rows of a weight above 0, where there are any, always the same ones, in their order.</summary>
    /// <param name="rows">To learn from.</param>
    /// <param name="among">Which of them may be drawn.</param>
    /// <param name="columns">How many values of each are needed.</param>
    public static SampledRows Of(RowSubset rows, ReadOnlySpan<int> among, int columns)
    {
        var (data, counted) = (rows.Data, among.ToArray());
        if (data.HasWeights && Array.FindAll(counted, row => data.Weight(row) > 0) is { Length: > 0 } weighted)
            counted = weighted;
        var most = Math.Clamp(MostValues / columns, FewestRows, MostRows);
        if (counted.Length <= most)
            return new SampledRows(data, counted);
        new RandomBits(Seed, 0).Shuffle(counted);
        return new SampledRows(data, [.. counted.Take(most).Order()]);
    }

    /// <summary>(rows x columns): what the first layers of a network, or of the first member of an ensemble, make of them.</summary>
    public double[][] Before(Network network, int layers, int[] columns)
    {
        var (member, features) = (network.Members[0], new float[_data.Inputs]);
        using var workspace = member.CreateWorkspace(1);
        return Array.ConvertAll(_rows, row =>
        {
            _data.CopyFeatures(row, features);
            member.Forward(features, workspace);
            var output = layers == 0 ? features : workspace.Output(layers - 1);
            var values = new double[columns.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = output[columns[i]];
            return values;
        });
    }

    /// <summary>(outputs x rows): 0 and 1 for classes.</summary>
    /// <param name="outputs">How many; one for two classes, or as many as there are.</param>
    /// <param name="scaling">What brings targets to those that are learned; null where they are learned as they are.</param>
    public double[][] Targets(int outputs, TargetScaling? scaling = null)
    {
        var (targets, ofRow) = (new double[outputs][], new float[outputs]);
        for (var output = 0; output < outputs; output++)
            targets[output] = new double[_rows.Length];
        for (var i = 0; i < _rows.Length; i++)
        {
            _data.CopyTargets([_rows[i]], ofRow, outputs);
            for (var output = 0; output < outputs; output++)
                targets[output][i] = scaling is null ? ofRow[output] : scaling.Scales[output] == 0 ? 0 : scaling.Standardize(ofRow[output], output);
        }

        return targets;
    }
}
