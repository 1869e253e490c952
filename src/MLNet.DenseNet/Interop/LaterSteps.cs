using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet;

/// <summary>The steps of a fitted pipeline behind its network.</summary>
internal static class LaterSteps
{
    /// <summary>Refuses a pipeline that puts other values into a column behind its network, where what is asked for is calculated from that column.</summary>
    /// <param name="pipeline">A fitted pipeline with one network.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="type">Its type at the network.</param>
    /// <param name="asked">What is asked for, in the plural, and from which values.</param>
    /// <param name="argument">What the pipeline is called by the caller.</param>
    /// <exception cref="ArgumentException">A step replaces the column.</exception>
    public static void CheckNotReplaced(ITransformer pipeline, string column, DataViewType type, string asked, string argument)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, type);
        var schema = builder.ToSchema();
        foreach (var step in DenseNeuralNetTransformerExtensions.TransformersIn(pipeline).SkipWhile(step => !DenseNeuralNetTransformerExtensions.IsNetwork(step)).Skip(1))
        {
            try
            {
                schema = step.GetOutputSchema(schema);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It takes columns that are not known here. Whether it puts out one of this name cannot be told.
                continue;
            }

            if (schema[column].Index > 0)
                throw new ArgumentException($"Behind the network, the step {step.GetType().Name} of the pipeline puts other values into the column '{column}', and {asked}. Give the steps up to the network alone, and calculate from their output; or let the later step write another column.", argument);
        }
    }
}
