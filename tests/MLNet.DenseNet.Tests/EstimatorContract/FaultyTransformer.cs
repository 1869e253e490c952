using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A transformer that does as another does but for one fault.</summary>
/// <param name="inner">The other.</param>
/// <param name="saved">What it saves instead.</param>
/// <param name="transform">What it does instead of transforming by the other.</param>
/// <param name="map">What it does instead of mapping by the other.</param>
internal sealed class FaultyTransformer(
    ITransformer inner,
    ITransformer? saved = null,
    Func<IDataView, IDataView>? transform = null,
    Func<DataViewSchema, IRowToRowMapper>? map = null) : ITransformer
{
    public bool IsRowToRowMapper => inner.IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => (map ?? inner.GetRowToRowMapper)(inputSchema);

    public IDataView Transform(IDataView input) => (transform ?? inner.Transform)(input);

    public void Save(ModelSaveContext ctx) => (saved ?? inner).Save(ctx);
}
