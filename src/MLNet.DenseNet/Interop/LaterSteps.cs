using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet;

/// <summary>The steps of a fitted pipeline behind its network.</summary>
internal static class LaterSteps
{
    // An annotation that no other column has. A step that lets a column through keeps its annotations.
    private const string Mark = "OfNetwork";

    /// <summary>Refuses a pipeline that puts other values into a column behind its network, where what is asked for is calculated from that column. A step that takes columns from before the network is not known to do so.</summary>
    /// <param name="pipeline">A fitted pipeline with one network.</param>
    /// <param name="column">The column's name: that of the features, or one that the network puts out.</param>
    /// <param name="asked">What is asked for, in the plural, and from which values.</param>
    /// <param name="argument">What the pipeline is called by the caller.</param>
    /// <exception cref="ArgumentException">A step replaces the column.</exception>
    public static void CheckNotReplaced(ITransformer pipeline, string column, string asked, string argument)
    {
        ITransformer[] steps = [.. DenseNeuralNetTransformerExtensions.TransformersIn(pipeline).SkipWhile(step => !DenseNeuralNetTransformerExtensions.IsNetwork(step))];
        if (Marked((ISingleFeaturePredictionTransformer<object>)steps[0], column) is not { } schema)
            return;
        foreach (var step in steps.Skip(1))
        {
            schema = After(step, schema) ?? schema;
            if (schema.GetColumnOrNull(column) is not { } actual)
                return;
            if (actual.Annotations.Schema.GetColumnOrNull(Mark) is null)
                throw new ArgumentException($"Behind the network, the step {step.GetType().Name} of the pipeline puts other values into the column '{column}', and {asked}. Give the steps up to the network alone, and calculate from their output; or let the later step write another column.", argument);
        }
    }

    /// <summary>The columns that a network takes and puts out, one of them marked; null where that is none of them.</summary>
    private static DataViewSchema? Marked(ISingleFeaturePredictionTransformer<object> network, string column)
    {
        var (taken, marked) = (new DataViewSchema.Builder(), new DataViewSchema.Builder());
        // Keys come as vectors here: nothing is asked of their column.
        taken.AddColumn(network.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, ((IDenseNeuralNetModel)network.Model).Layout.Shape.Size));
        var mark = new DataViewSchema.Annotations.Builder();
        mark.AddPrimitiveValue(Mark, BooleanDataViewType.Instance, true);
        foreach (var known in After(network, taken.ToSchema()) ?? taken.ToSchema())
            marked.AddColumn(known.Name, known.Type, known.Name == column ? mark.ToAnnotations() : known.Annotations);
        var schema = marked.ToSchema();
        return schema.GetColumnOrNull(column) is null ? null : schema;
    }

    /// <returns>Null where it takes columns that are not known here.</returns>
    private static DataViewSchema? After(ITransformer step, DataViewSchema schema)
    {
        try
        {
            return step.GetOutputSchema(schema);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
