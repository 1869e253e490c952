using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>A trainer of any task, without its types, as <see cref="DenseNeuralNetEstimator"/> uses it.</summary>
internal interface ITaskTrainer
{
    SchemaShape GetOutputSchema(SchemaShape inputSchema);

    ISingleFeaturePredictionTransformer<object> Fit(IDataView trainData, IDataView? validationData, IDenseNeuralNetModel? modelParameters);

    LearningRateCurve FindLearningRate(IDataView trainData, float lowest, float highest, int steps);
}
