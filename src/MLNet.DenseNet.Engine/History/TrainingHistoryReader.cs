namespace MLNet.DenseNet.Engine;

/// <summary>Reads the layout of <see cref="TrainingHistoryFormat"/>, of any version.</summary>
internal static class TrainingHistoryReader
{
    /// <exception cref="FormatException">The data is not a history, damaged, or of a newer version.</exception>
    public static TrainingHistory Read(BinaryReader source) => TrainingHistoryFormat.Frame.Read(source, ReadContents, HistoryLimits.Check);

    private static TrainingHistory ReadContents(BinaryReader reader, ushort version)
    {
        var end = (TrainingEnd)reader.ReadByte();
        HistoryLimits.CheckEnd(end);
        var restored = reader.ReadInt32();
        var (isFirst, hasAllSettings) = (version == TrainingHistoryFormat.FirstVersion, version >= TrainingHistoryFormat.FirstWithAllSettings);
        var hasHeldOutPart = version >= TrainingHistoryFormat.FirstWithHeldOutPart;
        var isWhole = version >= TrainingHistoryFormat.FirstWithObjectives;
        var settings = ReadSettings(reader, hasAllSettings);
        var epochs = ReadList(reader, index => ReadEpoch(reader, index + 1, settings.NumberOfEpochs, version));
        HistoryLimits.CheckRestored(restored, epochs.Length);
        var baselineAccuracy = isFirst ? null : ReadOptional(reader);
        var baselineLoss = version >= TrainingHistoryFormat.FirstWithBaselineLoss ? ReadOptional(reader) : null;
        return new TrainingHistory(
            epochs, end, restored == 0 ? null : restored, settings, baselineAccuracy: baselineAccuracy,
            network: isFirst ? null : ReadNetwork(reader, version), weights: isFirst ? null : ReadList(reader, _ => ReadWeights(reader)))
        {
            BaselineLoss = baselineLoss,
            EpochsBefore = isWhole ? reader.ReadInt32() : 0,
            StepsBefore = isWhole ? reader.ReadInt64() : 0,
            HoldOutSeed = isWhole ? reader.ReadInt32() : settings.Seed,
            StepsPerEpoch = version >= TrainingHistoryFormat.FirstWithSteps ? reader.ReadInt64() : 0,
            HeldOut = hasHeldOutPart ? ReadHeldOut(reader) : null,
            MayHaveLearnedValidationRows = hasHeldOutPart && reader.ReadBoolean(),
        };
    }

    private static HeldOutPart? ReadHeldOut(BinaryReader reader) =>
        new HeldOutPart(reader.ReadSingle(), (HoldOutUnit)reader.ReadByte(), reader.ReadBoolean()) is var part && part.Fraction == TrainingHistoryFormat.NoFraction ? null : part;

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

    private static EpochSummary ReadEpoch(BinaryReader reader, int epoch, int numberOfEpochs, ushort version)
    {
        var loss = reader.ReadDouble();
        var metrics = new double?[version switch
        {
            >= TrainingHistoryFormat.FirstWithNdcg => 11,
            >= TrainingHistoryFormat.FirstWithObjectives => 9,
            >= TrainingHistoryFormat.FirstWithAllSettings => 7,
            _ => 5,
        }];
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
            Ndcg = metrics.ElementAtOrDefault(9),
            ValidationNdcg = metrics.ElementAtOrDefault(10),
            AnnealedFrom = version >= TrainingHistoryFormat.FirstWithAnnealing && reader.ReadInt32() is not 0 and var from ? from : null,
            Diagnostics = version == TrainingHistoryFormat.FirstVersion ? [] : ReadList(reader, _ => new LayerDiagnostics(reader.ReadInt32(), reader.ReadDouble(), ReadOptional(reader))),
        };
    }

    private static NetworkSummary? ReadNetwork(BinaryReader reader, ushort version)
    {
        var layers = ReadList(reader, _ => ReadLayer(reader, version, depth: 0));
        return layers.Length == 0 ? null : new NetworkSummary(layers);
    }

    private static LayerSummary ReadLayer(BinaryReader reader, ushort version, int depth)
    {
        if (depth > Layer.MaxDepth)
            throw new DamageException(FormattableString.Invariant($"its layers lie more than {Layer.MaxDepth} deep in one another"));
        return new LayerSummary(SavedText.Read(reader), ReadWords(reader), ReadShape(reader), ReadShape(reader), reader.ReadInt32(), reader.ReadInt32())
        {
            Members = version >= TrainingHistoryFormat.FirstWithAllSettings ? reader.ReadInt32() : 1,
            Layers = version >= TrainingHistoryFormat.FirstWithInnerLayers ? ReadList(reader, _ => ReadLayer(reader, version, depth + 1)) : [],
        };
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

    private static Shape ReadShape(BinaryReader reader)
    {
        var dimensions = new int[reader.ReadByte()];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return new Shape(dimensions);
    }

    private static string? ReadWords(BinaryReader reader) => SavedText.Read(reader) is { Length: > 0 } words ? words : null;

    private static double? ReadOptional(BinaryReader reader) => TrainingHistoryFormat.FromBits(reader.ReadUInt64());
}
