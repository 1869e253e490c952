using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>What a training makes a model of.</summary>
/// <param name="Network">The network.</param>
/// <param name="Planes">The planes of an image that come one after the other in the feature column; 1 where features come as the network takes them (<see cref="FeatureLayout"/>).</param>
/// <param name="History">How training went.</param>
/// <param name="Meanings">What the columns stand for.</param>
internal sealed record TrainedNetwork(Network Network, int Planes, TrainingHistory History, ColumnMeanings Meanings);
