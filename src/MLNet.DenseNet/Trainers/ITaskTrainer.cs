using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>The trainer of any task, as <see cref="DenseNeuralNetEstimator"/> sees it.</summary>
internal interface ITaskTrainer
{
    SchemaShape GetOutputSchema(SchemaShape inputSchema);

    ISingleFeaturePredictionTransformer<object> Fit(IDataView trainData, IDataView? validationData, IDenseNeuralNetModel? modelParameters);

    LearningRateCurve FindLearningRate(IDataView trainData, float lowest, float highest, int steps);
}
