using Microsoft.ML;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the labels of one task from a cursor and keeps them.</summary>
internal abstract class LabelReader
{
    /// <summary>Attaches to a cursor.</summary>
    public abstract void Bind(DataViewRow row, DataViewSchema.Column label);

    /// <summary>Reads the current row's label.</summary>
    /// <returns>False where it is missing or not finite, so that the row cannot be used.</returns>
    public abstract bool TryRead();

    /// <summary>Keeps the label read last.</summary>
    public abstract void Keep();

    /// <summary>The rows with the labels kept.</summary>
    public abstract Dataset ToDataset(int inputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> weights);
}
