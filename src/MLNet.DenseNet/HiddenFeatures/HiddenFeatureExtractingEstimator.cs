using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNet.DenseNet;

/// <summary>Puts out the values of a hidden layer of a trained network. It learns nothing: fitting gives the transformer that it has.</summary>
public sealed class HiddenFeatureExtractingEstimator : TrivialEstimator<HiddenFeatureExtractingTransformer>
{
    internal HiddenFeatureExtractingEstimator(IHostEnvironment env, HiddenFeatureExtractingTransformer transformer)
        : base(env.Register(nameof(HiddenFeatureExtractingEstimator)), transformer)
    {
    }

    /// <summary>The columns after it.</summary>
    /// <param name="inputSchema">The columns before.</param>
    /// <returns>The columns before and that of the hidden layer's values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of the wrong type.</exception>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var (output, input) = Transformer.ColumnPairs[0];
        ColumnCheck.CheckFeatures(Host, inputSchema, TrainerUtils.MakeR4VecFeature(input));
        var columns = inputSchema.ToDictionary(column => column.Name);
        columns[output] = new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        return new SchemaShape(columns.Values);
    }
}
