using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What the trained models of all tasks have in common: every <c>Model</c> of a transformer made by this library is one.</summary>
public interface IDenseNeuralNetModel : IOnnxExportable
{
    /// <summary>The layers in order, with their shapes and trained weights.</summary>
    IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>The number of trained weights and biases.</summary>
    int ParameterCount { get; }

    /// <summary>How training went, epoch by epoch, and how it ended; null for models saved by versions before it was kept.</summary>
    TrainingHistory? History { get; }

    /// <summary>The layers with their shapes, numbers of parameters and memory; its text is a table.</summary>
    /// <returns>The summary.</returns>
    NetworkSummary Summary();

    internal Network Network { get; }

    internal ColumnMeanings? Meanings { get; }

    /// <summary>How the feature column gives what the network takes.</summary>
    internal FeatureLayout Layout { get; }
}
