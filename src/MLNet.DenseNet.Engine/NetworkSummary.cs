using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>A network's layers with their shapes, numbers of parameters and memory.</summary>
/// <remarks>
/// Besides the data, training takes 2 + n times the memory of the parameters: their values, their gradients, and the n arrays of the optimizer's state (two for Adam, one for momentum). Keeping the
/// best weights takes it once more, and so does averaging them. Each row of a batch takes <see cref="BytesPerRow"/>, twice the outputs of the widest layer for output gradients, and the row itself where rows are augmented.
/// </remarks>
public sealed class NetworkSummary
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB"];

    internal NetworkSummary(IReadOnlyList<LayerSummary> layers) => Layers = layers;

    /// <summary>The layers in order of the forward pass, at least one. Those of an ensemble's members are listed once.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The shape of one row of input.</summary>
    public Shape InputShape => Layers[0].InputShape;

    /// <summary>The shape of one row of output.</summary>
    public Shape OutputShape => Layers[^1].OutputShape;

    /// <summary>The number of trained values.</summary>
    public int ParameterCount => Layers.Sum(l => l.ParameterCount);

    /// <summary>The memory of the trained values.</summary>
    public long ParameterBytes => Layers.Sum(l => l.ParameterBytes);

    /// <summary>The memory that each row of a batch takes in training: the layers' outputs, and what they keep beside them for the backward pass.</summary>
    public long BytesPerRow => Layers.Sum(l => l.BytesPerRow);

    /// <summary>A table for a person: a line for each layer, below it a line for each layer inside it, and the totals.</summary>
    public override string ToString() => string.Join('\n', Lines());

    internal IEnumerable<string> Lines()
    {
        var rows = new List<string[]> { (string[])["", "layer", "shape", "parameters", "memory", "per row"] };
        for (var index = 0; index < Layers.Count; index++)
            Add(Layers[index], $"{index}", indent: "");
        rows.Add(["", "all", $"{InputShape} -> {OutputShape}", .. Sizes(ParameterCount, ParameterBytes, BytesPerRow)]);
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        // Words are aligned to the left, numbers to the right.
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => column is 1 or 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));

        void Add(LayerSummary layer, string number, string indent)
        {
            // The layers inside it have lines of their own, so its text need not list them.
            var title = layer.Layers.Count == 0 ? layer.Title : layer.Title.Split(" [")[0];
            rows.Add([number, indent + title, $"{layer.InputShape} -> {layer.OutputShape}", .. Sizes(layer.ParameterCount, layer.ParameterBytes, layer.BytesPerRow)]);
            foreach (var (index, inner) in layer.Layers.Index())
                Add(inner, FormattableString.Invariant($"{number}.{index + 1}"), indent + "  ");
        }
    }

    private static string[] Sizes(int parameters, long bytes, long bytesPerRow) =>
        [FormattableString.Invariant($"{parameters:N0}"), Text(bytes), Text(bytesPerRow)];

    private static string Text(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < ByteUnits.Length - 1; unit++)
            value /= 1024;
        return FormattableString.Invariant($"{value:0.#} {ByteUnits[unit]}");
    }
}
