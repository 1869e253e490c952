using System.Reflection;
using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>What an estimator promises before it is fitted is what its transformer delivers, no more and no less, annotations included.</summary>
internal static class PromisedSchema
{
    public static void Check(Subject subject) => Check(subject.Estimator, subject.Data);

    public static void Check(IEstimator<ITransformer> estimator, IDataView data)
    {
        var promised = Describe(estimator.GetOutputSchema(ShapeOf(data.Schema)));
        var model = estimator.Fit(data);
        Assert.Equal(promised, Describe(ShapeOf(model.GetOutputSchema(data.Schema))));
        Assert.Equal(promised, Describe(ShapeOf(model.Transform(data).Schema)));
    }

    /// <summary>A schema in the form that estimators promise theirs in. ML.NET has a function for it that is not public.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) =>
        (SchemaShape)typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [schema])!;

    private static IEnumerable<string> Describe(SchemaShape shape) => shape
        .Select(column => $"{column.Name}: {column.Kind} {(column.IsKey ? "key " : "")}{column.ItemType} [{string.Join(", ", Describe(column.Annotations))}]")
        .Order(StringComparer.Ordinal);
}
