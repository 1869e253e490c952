using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>An estimator that does as another does but for one fault.</summary>
/// <param name="inner">The other.</param>
/// <param name="promise">What it promises instead.</param>
/// <param name="fit">What it does instead of fitting the other.</param>
internal sealed class FaultyEstimator(
    IEstimator<ITransformer> inner,
    Func<SchemaShape, SchemaShape>? promise = null,
    Func<IDataView, ITransformer>? fit = null) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) => (fit ?? inner.Fit)(input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => (promise ?? inner.GetOutputSchema)(inputSchema);
}
