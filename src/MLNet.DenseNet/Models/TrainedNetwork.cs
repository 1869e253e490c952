using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>What a training makes a model of.</summary>
/// <param name="Network">The network.</param>
/// <param name="Layout">How the feature column gives what the network takes.</param>
/// <param name="History">How training went.</param>
/// <param name="Meanings">What the columns stand for.</param>
/// <param name="Errors">How far predictions were from the labels of rows that were held out; null where none were, and of tasks other than the regression of one number.</param>
internal sealed record TrainedNetwork(Network Network, FeatureLayout Layout, TrainingHistory? History, ColumnMeanings? Meanings, HeldOutErrors? Errors);
