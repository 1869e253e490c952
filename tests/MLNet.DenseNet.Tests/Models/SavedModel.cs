using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

internal static class SavedModel
{
    /// <summary>Saves a model and loads it into another context.</summary>
    public static ITransformer Reload(ITransformer model, DataViewSchema schema, out DataViewSchema inputSchema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out inputSchema);
    }

    /// <inheritdoc cref="Reload(ITransformer, DataViewSchema, out DataViewSchema)"/>
    public static ITransformer Reload(ITransformer model, DataViewSchema schema) => Reload(model, schema, out _);
}
