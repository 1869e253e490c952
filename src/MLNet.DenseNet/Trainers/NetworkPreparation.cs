using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>Makes the network of a training, with all that is known of it before the first step: statistics of the features, weights that begin elsewhere than at random, the scale of the targets.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">The log.</param>
/// <param name="options">Those of the training, with a seed.</param>
/// <param name="task">What the label asks of the network.</param>
/// <param name="initial">The network to go on from; null to begin anew.</param>
/// <param name="nameOfInitial">What the caller knows it by.</param>
internal sealed class NetworkPreparation(IHost host, IChannel channel, DenseNeuralNetOptions options, NetworkTask task, Network? initial, string nameOfInitial)
{
    /// <summary>Makes the network.</summary>
    /// <param name="inputShape">The shape of a row of features.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="first">What comes before the hidden layers.</param>
    /// <param name="choice">What its principal components were chosen by, if they were.</param>
    /// <param name="outputOfClass">For each class the output of the initial network that stands for it; null where that is the same one.</param>
    public Network Create(Shape inputShape, TrainingRows rows, TableLayers first, ComponentChoice choice, int[]? outputOfClass)
    {
        var network = Network.Create(inputShape, NetworkLayers.Of(options, inputShape, task.Outputs, task.OutputActivation, first), options.Seed!.Value);
        if (initial is not null)
        {
            CopyWeights(initial, network, outputOfClass);
            if (!task.LearnsFeatures)
                InputStatistics.StandardizeLeftOut(network, rows.Training);
            WarnOfMovedFeatures(network, rows.Training);
            return network;
        }

        if (InputStatistics.HasComponentsElsewhere(network))
            throw host.Except($"The option {nameof(options.Layers)} has a {nameof(PrincipalComponentsLayer)} that is not its first layer. Principal components are statistics of the features: nothing sets those of what other layers make of them.");
        if (first.Standardization is not null)
        {
            // An anomaly may be just that: another value where all were the same.
            var leftOut = InputStatistics.Standardize(network, rows.Training, forLabels: !task.LearnsFeatures);
            if (leftOut > 0)
                channel.Info(FormattableString.Invariant($"{leftOut} of {rows.Training.Inputs} features have the same value, or none, in all rows that are learned from. Nothing comes of other values of theirs later."));
            if (!task.LearnsFeatures && rows.Training.Features.Words.Count is > 0 and var words)
                channel.Info(FormattableString.Invariant($"{words} features are taken for words beside numbers, since they are 0 in most rows and about the same in the others: they have no functions of their own, unless {nameof(options.NumericEmbedding)} is {nameof(NumericEmbedding.On)}."));
            WeighIndicators(network, rows.Training, first);
            if (first.Screened is { } screened)
            {
                screened.Apply(network);
                channel.Info(FormattableString.Invariant($"{screened.Columns.Length - screened.Told.Length} of {screened.Columns.Length} numbers tell no more of the label than chance would, alone or with another column: they have no functions of their own and count little, unless {nameof(options.NumericEmbedding)} is {nameof(NumericEmbedding.On)}."));
            }
        }

        if (choice.Components is { } found)
            InputStatistics.SetComponents(network, found);
        else if (rows.Training is RowSubset inMemory)
            InputStatistics.SetComponents(network, inMemory);
        else if (network.Members[0].Layers.Any(place => place.Layer is PrincipalComponentsLayer))
            throw host.Except($"Principal components are of rows in memory; these do not fit there. Take fewer of them, or say {nameof(DataCaching)}.{nameof(DataCaching.Memory)} if they do after all, or leave the {nameof(PrincipalComponentsLayer)} out of {nameof(options.Layers)}.");
        InputStatistics.SetBins(network, rows.Training, first.Codes is { Count: > 0 } codes ? column => codes.Contains(column) ? CodeColumns.MostBins(rows.Training.Features, column) : TableDefaults.EmbeddingBins : null);
        if (first.Screens)
        {
            // What random weights of thousands of features add up to would outweigh what so few rows tell.
            InitialOutputs.BeginAtZero(network);
            FeatureScreening.Apply(network, first.IndexOfScreening, (RowSubset)rows.Training, rows.Folds, options.ThrowIfCanceled);
        }

        if (task.OutputActivation == Activation.Exponential)
            InitialOutputs.BeginAtMeans(network, rows.Training.Targets);
        return network;
    }

    /// <summary>A trained network predicts in the targets' units: to go on, its outputs are brought to the scaled ones.</summary>
    public TargetScaling? ScaleTargets(RowSource rows, Network network)
    {
        if (!task.HasFreeTargets(options.Loss))
            return null;
        var scaling = TargetScaling.For(rows.Targets, options.Loss!, initial is null ? null : network);
        if (initial is not null)
            scaling?.Unfold(network);
        return scaling;
    }

    /// <summary>Where indicators, words or categories are so many, beside the rows, that what they tell by chance would outweigh the rest.</summary>
    private void WeighIndicators(Network network, RowSource rows, TableLayers first)
    {
        var isOpen = options.Layers is null && !first.Screens && network.Standardization is not null && network.InputShape.Dimensions.Length == 1;
        if (!task.HasOneLabel(rows) || !isOpen || rows is not RowSubset inMemory)
            return;
        int[] kept = [.. first.Embedding?.ColumnsOf(network.InputShape) ?? [], .. first.Components?.ColumnsOf(network.InputShape) ?? [], .. first.Screened?.Partners ?? []];
        var (weighed, nullCount) = IndicatorScreening.Apply(network, inMemory, kept, TableDefaults.MostFloorOf(rows.Inputs), options.ThrowIfCanceled);
        if (weighed > 0)
            channel.Info(FormattableString.Invariant($"{weighed} features, of which about {nullCount} may tell nothing, are weighed by how surely they go with the label."));
    }

    private void CopyWeights(Network trained, Network network, int[]? outputOfClass)
    {
        if (!NetworkWriter.HaveSameLayers(trained, network))
        {
            var others = trained.ToString() == network.ToString() ? "the same ones with other settings, such as columns" : $"[{network}]";
            throw host.ExceptParam(nameOfInitial, $"The model to go on from has the layers [{trained}]; the options and the data make {others}.");
        }

        network.CopyParameters(trained);
        if (outputOfClass is not null)
            network.ReorderOutputs(outputOfClass);
    }

    /// <summary>A model that is gone on from keeps its standardization, which may fit what it learned from and not what it goes on with.</summary>
    private void WarnOfMovedFeatures(Network network, RowSource rows)
    {
        const double FarAway = 3;
        if (network.Standardization is not { } place || network.InputShape.Dimensions.Length > 1)
            return;
        var (means, scales) = StandardizationLayer.StatisticsOf(place);
        var features = rows.Features;
        var column = Enumerable.Range(0, rows.Inputs).MaxBy(Distance);
        if (Distance(column) > FarAway)
            channel.Warning(FormattableString.Invariant($"The mean of feature {column}, counted from 0, is {features.Mean(column):G4} by now, {Distance(column):F0} standard deviations from {means[column]:G4}, by which the model to go on from standardizes it: values so far away are hardly told apart. A new model may learn more."));

        double Distance(int column) => Math.Abs(features.Mean(column) - means[column]) * scales[column];
    }
}
