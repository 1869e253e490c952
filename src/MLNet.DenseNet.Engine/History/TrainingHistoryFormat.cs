namespace MLNet.DenseNet.Engine;

/// <summary>The byte layout of a saved training history. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDH"
/// uint16     version of the layout: 4; version 3 has no objectives and ends with the histograms, version 2 also has no limits to early stopping in the settings, no
///            class-weighted accuracies and no number of members, version 1 ends after the epochs, which have no layers
/// byte       why training ended (TrainingEnd)
/// int32      the restored epoch, 0 for none
///            the settings (TrainingSettings): string loss, string optimizer, float32 learning rate, string schedule, float32 weight decay,
///            int32 batch size, int32 epochs, bool shuffle, int32 seed, int32 training rows, int32 validation rows,
///            float64 limit of the gradient's norm and of its values, or the bits for none, string augmentation, string class weights, string early stopping, empty for none
/// int32      number of epochs, then for each, from the first:
///            float64 loss, then accuracy, R-squared, validation loss, validation accuracy, validation R-squared: the bits FFF8000000000000
///            for none, 7FF8000000000000 for a value that is not a number;
///            class-weighted accuracy and that of validation, objective and that of validation where they are other numbers than the losses, likewise; float32 learning rate, float64 rows a second, int64 elapsed and int64 left in ticks of 100 ns;
///            int32 number of layers measured, then for each: int32 position, float64 gradient norm, float64 share of dead units, or the bits for none
/// float64    the baseline accuracy, or the bits for none
/// int32      number of layers, 0 where the network was not kept, then for each: string layer, string activation, empty for none,
///            the shapes of input and output, each as byte number of dimensions and int32 for each; int32 parameters, int32 values a row,
///            int32 members of an ensemble that have such a layer, 1 for none
/// int32      number of layers with histograms, then for each: int32 position, then of the initial and the final weights:
///            float32 lowest, float32 highest, int32 number of intervals, int32 count of each
/// int32      the epochs, then int64 the steps, of the trainings that this one went on from; int32 the seed of the rows held out
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class TrainingHistoryFormat
{
    private const ushort Version = 4;
    private const ushort FirstWithOrigin = 4;
    private const ushort FirstWithObjectives = 4;
    private const ushort FirstWithAllSettings = 3;
    private const ushort FirstVersion = 1;
    private const ulong None = 0xFFF8_0000_0000_0000;
    private const ulong NotANumber = 0x7FF8_0000_0000_0000;

    private static readonly SavedFrame Frame = new("MLDH"u8, Version, FirstVersion)
    {
        NoSignature = "The data is not a saved training history: its signature is missing.",
        OtherVersion = version => $"The saved training history is of version {version}; this library reads versions {FirstVersion} to {Version}.",
        Damaged = how => $"The saved training history is damaged: {how}.",
    };

    public static void Write(TrainingHistory history, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        writer.Write((byte)history.End);
        writer.Write(history.RestoredEpoch ?? 0);
        Write(history.Settings, writer);
        writer.Write(history.Count);
        foreach (var epoch in history)
            Write(epoch, writer);
        WriteOptional(history.BaselineAccuracy, writer);
        writer.Write(history.Network?.Layers.Count ?? 0);
        foreach (var layer in history.Network?.Layers ?? [])
            Write(layer, writer);
        writer.Write(history.Weights.Count);
        foreach (var weights in history.Weights)
            Write(weights, writer);
        writer.Write(history.EpochsBefore);
        writer.Write(history.StepsBefore);
        writer.Write(history.HoldOutSeed);
    });

    /// <exception cref="FormatException">The data is not a history, damaged, or of a newer version.</exception>
    public static TrainingHistory Read(BinaryReader source) => Frame.Read(source, ReadContents, HistoryLimits.Check);

    private static TrainingHistory ReadContents(BinaryReader reader, ushort version)
    {
        var end = (TrainingEnd)reader.ReadByte();
        if (!Enum.IsDefined(end))
            throw new DamageException($"its end is {(int)end}");
        var restored = reader.ReadInt32();
        var (isFirst, hasAllSettings) = (version == FirstVersion, version >= FirstWithAllSettings);
        var settings = ReadSettings(reader, hasAllSettings);
        var epochs = ReadList(reader, index => ReadEpoch(reader, index + 1, settings.NumberOfEpochs, version));
        if (restored < 0 || restored > epochs.Length)
            throw new DamageException(FormattableString.Invariant($"it has {epochs.Length} epochs, of which {restored} was restored"));
        return new TrainingHistory(
            epochs, end, restored == 0 ? null : restored, settings, baselineAccuracy: isFirst ? null : ReadOptional(reader),
            network: isFirst ? null : ReadNetwork(reader, hasMembers: hasAllSettings), weights: isFirst ? null : ReadList(reader, _ => ReadWeights(reader)))
        {
            EpochsBefore = version >= FirstWithOrigin ? reader.ReadInt32() : 0,
            StepsBefore = version >= FirstWithOrigin ? reader.ReadInt64() : 0,
            HoldOutSeed = version >= FirstWithOrigin ? reader.ReadInt32() : settings.Seed,
        };
    }

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

    private static TrainingSettings ReadSettings(BinaryReader reader, bool hasLimits)
    {
        var settings = new TrainingSettings(
            Loss: SavedText.Read(reader), Optimizer: SavedText.Read(reader), LearningRate: reader.ReadSingle(), LearningRateSchedule: SavedText.Read(reader),
            WeightDecay: reader.ReadSingle(), BatchSize: reader.ReadInt32(), NumberOfEpochs: reader.ReadInt32(), Shuffle: reader.ReadBoolean(),
            Seed: reader.ReadInt32(), TrainingRows: reader.ReadInt32(), ValidationRows: reader.ReadInt32());
        return !hasLimits ? settings : settings with
        {
            GradientNormLimit = (float?)ReadOptional(reader),
            GradientValueLimit = (float?)ReadOptional(reader),
            Augmentation = ReadWords(reader),
            ClassWeights = ReadWords(reader),
            EarlyStopping = ReadWords(reader),
        };
    }

    private static void Write(EpochSummary epoch, BinaryWriter writer)
    {
        writer.Write(epoch.Loss);
        double?[] values =
        [
            epoch.Accuracy, epoch.RSquared, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ValidationRSquared,
            epoch.ClassWeightedAccuracy, epoch.ValidationClassWeightedAccuracy, epoch.ObjectiveApart, epoch.ValidationObjectiveApart,
        ];
        foreach (var value in values)
            WriteOptional(value, writer);
        writer.Write(epoch.LearningRate);
        writer.Write(epoch.RowsPerSecond);
        writer.Write(epoch.Elapsed.Ticks);
        writer.Write(epoch.EstimatedTimeLeft.Ticks);
        writer.Write(epoch.Diagnostics.Count);
        foreach (var layer in epoch.Diagnostics)
        {
            writer.Write(layer.Layer);
            writer.Write(layer.GradientNorm);
            WriteOptional(layer.DeadUnits, writer);
        }
    }

    private static EpochSummary ReadEpoch(BinaryReader reader, int epoch, int numberOfEpochs, ushort version)
    {
        var loss = reader.ReadDouble();
        var metrics = new double?[version >= FirstWithObjectives ? 9 : version >= FirstWithAllSettings ? 7 : 5];
        for (var i = 0; i < metrics.Length; i++)
            metrics[i] = ReadOptional(reader);
        return new EpochSummary(
            epoch, numberOfEpochs, loss, Accuracy: metrics[0], RSquared: metrics[1], ValidationLoss: metrics[2], ValidationAccuracy: metrics[3], ValidationRSquared: metrics[4],
            LearningRate: reader.ReadSingle(), RowsPerSecond: reader.ReadDouble(), Elapsed: new TimeSpan(reader.ReadInt64()), EstimatedTimeLeft: new TimeSpan(reader.ReadInt64()))
        {
            ClassWeightedAccuracy = metrics.ElementAtOrDefault(5),
            ValidationClassWeightedAccuracy = metrics.ElementAtOrDefault(6),
            ObjectiveApart = metrics.ElementAtOrDefault(7),
            ValidationObjectiveApart = metrics.ElementAtOrDefault(8),
            Diagnostics = version == FirstVersion ? [] : ReadList(reader, _ => new LayerDiagnostics(reader.ReadInt32(), reader.ReadDouble(), ReadOptional(reader))),
        };
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
    }

    private static NetworkSummary? ReadNetwork(BinaryReader reader, bool hasMembers)
    {
        var layers = ReadList(reader, _ => new LayerSummary(SavedText.Read(reader), ReadWords(reader), ReadShape(reader), ReadShape(reader), reader.ReadInt32(), reader.ReadInt32())
        {
            Members = hasMembers ? reader.ReadInt32() : 1,
        });
        return layers.Length == 0 ? null : new NetworkSummary(layers);
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

    private static LayerWeights ReadWeights(BinaryReader reader) => new(reader.ReadInt32(), ReadHistogram(reader), ReadHistogram(reader));

    private static WeightHistogram ReadHistogram(BinaryReader reader) => new(reader.ReadSingle(), reader.ReadSingle(), ReadList(reader, _ => reader.ReadInt32()));

    /// <summary>Reads a count and as many items. The list grows as they are read, so that a wrong count takes no memory.</summary>
    private static T[] ReadList<T>(BinaryReader reader, Func<int, T> read)
    {
        var count = reader.ReadInt32();
        if (count < 0)
            throw new DamageException(FormattableString.Invariant($"a list has {count} items"));
        var items = new List<T>();
        while (items.Count < count)
            items.Add(read(items.Count));
        return items.Count == 0 ? [] : items.ToArray();
    }

    private static void Write(Shape shape, BinaryWriter writer)
    {
        writer.Write((byte)shape.Dimensions.Length);
        foreach (var dimension in shape.Dimensions)
            writer.Write(dimension);
    }

    private static Shape ReadShape(BinaryReader reader)
    {
        var dimensions = new int[reader.ReadByte()];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return new Shape(dimensions);
    }

    private static string? ReadWords(BinaryReader reader) => SavedText.Read(reader) is { Length: > 0 } words ? words : null;

    private static void WriteOptional(double? value, BinaryWriter writer) =>
        writer.Write(value is not { } number ? None : double.IsNaN(number) ? NotANumber : BitConverter.DoubleToUInt64Bits(number));

    private static double? ReadOptional(BinaryReader reader)
    {
        var bits = reader.ReadUInt64();
        return bits == None ? null : BitConverter.UInt64BitsToDouble(bits);
    }
}
