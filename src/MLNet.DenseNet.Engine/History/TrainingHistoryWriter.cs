namespace MLNet.DenseNet.Engine;

/// <summary>Writes a training history in the layout of <see cref="TrainingHistoryFormat"/>.</summary>
internal static class TrainingHistoryWriter
{
    public static void Write(TrainingHistory history, BinaryWriter destination) => TrainingHistoryFormat.Frame.Write(destination, writer =>
    {
        writer.Write((byte)history.End);
        writer.Write(history.RestoredEpoch ?? 0);
        Write(history.Settings, writer);
        writer.Write(history.Count);
        foreach (var epoch in history)
            Write(epoch, writer);
        WriteOptional(history.BaselineAccuracy, writer);
        WriteOptional(history.BaselineLoss, writer);
        writer.Write(history.Network?.Layers.Count ?? 0);
        foreach (var layer in history.Network?.Layers ?? [])
            Write(layer, writer);
        writer.Write(history.Weights.Count);
        foreach (var weights in history.Weights)
            Write(weights, writer);
        writer.Write(history.EpochsBefore);
        writer.Write(history.StepsBefore);
        writer.Write(history.HoldOutSeed);
        writer.Write(history.StepsPerEpoch);
        writer.Write(history.HeldOut?.Fraction ?? TrainingHistoryFormat.NoFraction);
        writer.Write((byte)(history.HeldOut?.Unit ?? HoldOutUnit.Rows));
        writer.Write(history.HeldOut?.AreFolds == true);
        writer.Write(history.MayHaveLearnedValidationRows);
    });

    private static void Write(TrainingSettings settings, BinaryWriter writer)
    {
        writer.Write(settings.Loss);
        writer.Write(settings.Optimizer);
        writer.Write(settings.LearningRate);
        writer.Write(settings.LearningRateSchedule);
        writer.Write(settings.WeightDecay);
        writer.Write(settings.BatchSize);
        writer.Write(settings.NumberOfEpochs);
        writer.Write(settings.Shuffle);
        writer.Write(settings.Seed);
        writer.Write(settings.TrainingRows);
        writer.Write(settings.ValidationRows);
        WriteOptional(settings.GradientNormLimit, writer);
        WriteOptional(settings.GradientValueLimit, writer);
        foreach (var words in (string?[])[settings.Augmentation, settings.ClassWeights, settings.EarlyStopping])
            writer.Write(words ?? "");
    }

    private static void Write(EpochSummary epoch, BinaryWriter writer)
    {
        writer.Write(epoch.Loss);
        double?[] values =
        [
            epoch.Accuracy, epoch.RSquared, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ValidationRSquared,
            epoch.ClassWeightedAccuracy, epoch.ValidationClassWeightedAccuracy, epoch.ObjectiveApart, epoch.ValidationObjectiveApart,
            epoch.Ndcg, epoch.ValidationNdcg,
        ];
        foreach (var value in values)
            WriteOptional(value, writer);
        writer.Write(epoch.LearningRate);
        writer.Write(epoch.RowsPerSecond);
        writer.Write(epoch.Elapsed.Ticks);
        writer.Write(epoch.EstimatedTimeLeft.Ticks);
        writer.Write(epoch.AnnealedFrom ?? 0);
        writer.Write(epoch.Diagnostics.Count);
        foreach (var layer in epoch.Diagnostics)
        {
            writer.Write(layer.Layer);
            writer.Write(layer.GradientNorm);
            WriteOptional(layer.DeadUnits, writer);
        }
    }

    private static void Write(LayerSummary layer, BinaryWriter writer)
    {
        writer.Write(layer.Layer);
        writer.Write(layer.Activation ?? "");
        Write(layer.InputShape, writer);
        Write(layer.OutputShape, writer);
        writer.Write(layer.ParameterCount);
        writer.Write(layer.ValuesPerRow);
        writer.Write(layer.Members);
        writer.Write(layer.Layers.Count);
        foreach (var inner in layer.Layers)
            Write(inner, writer);
    }

    private static void Write(LayerWeights weights, BinaryWriter writer)
    {
        writer.Write(weights.Layer);
        foreach (var histogram in (WeightHistogram[])[weights.Initial, weights.Final])
        {
            writer.Write(histogram.Lowest);
            writer.Write(histogram.Highest);
            writer.Write(histogram.Counts.Count);
            foreach (var count in histogram.Counts)
                writer.Write(count);
        }
    }

    private static void Write(Shape shape, BinaryWriter writer)
    {
        writer.Write((byte)shape.Dimensions.Length);
        foreach (var dimension in shape.Dimensions)
            writer.Write(dimension);
    }

    private static void WriteOptional(double? value, BinaryWriter writer) => writer.Write(TrainingHistoryFormat.ToBits(value));
}
