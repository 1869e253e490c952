using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>
/// How a kind of model is saved in ML.NET's zip files. The model's stream holds ML.NET's header, the network (NetworkFormat) and, from version 2 on, an int32: the planes that the feature column gives one after the other
/// (<see cref="FeatureLayout"/>), in version 3 then the keys that it gives (<see cref="KeyFeatures"/>): an int32 with the keys of a row, 0 for a single key that is no vector, an int32 with how many there are to each, and a byte, 1 where they are
/// looked up as numbers. Where there are none it is written as version 2 or 1, which older versions of the library read. Streams beside it, which older versions do not have, hold the training history
/// (TrainingHistoryFormat), what the columns stood for (ColumnMeaningsFormat), the dimensions of the feature column where it has several (FeatureDimensionsFormat) and the errors on rows held out from a regression (HeldOutErrorsFormat). Behind all that, in the model's
/// stream, a multi-label classification has its thresholds, a quantile regression its quantiles (ProbabilitiesFormat).
/// </summary>
/// <param name="ModelSignature">Eight characters.</param>
/// <param name="LoaderSignature">At most 24 characters; the name in the LoadableClass attribute.</param>
internal sealed record ModelFormat(string ModelSignature, string LoaderSignature)
{
    private const string HistoryStream = "TrainingHistory";
    private const string MeaningsStream = "ColumnMeanings";
    private const string DimensionsStream = "FeatureDimensions";
    private const string ErrorsStream = "HeldOutErrors";

    private const uint Initial = 0x00010001;
    private const uint WithPlanes = 0x00010002;
    private const uint WithKeys = 0x00010003;

    /// <summary>The version of a file without planes and keys.</summary>
    public VersionInfo VersionInfo => Version(Initial);

    private VersionInfo VersionFor(FeatureLayout layout) => Version(layout.Keys is not null ? WithKeys : layout.Planes > 1 ? WithPlanes : Initial);

    /// <summary>Checks that the file has this kind of model here, in a version that can be read.</summary>
    public ModelLoadContext Check(IHostEnvironment env, ModelLoadContext context)
    {
        MLNetVersion.Check();
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckValue(context, nameof(context));
        context.CheckAtModel(Version(WithKeys));
        return context;
    }

    /// <summary>Writes a model.</summary>
    /// <param name="trained">What it is made of.</param>
    /// <param name="context">Where to.</param>
    /// <param name="writeTask">Writes what the task has besides.</param>
    public void Write(TrainedNetwork trained, ModelSaveContext context, Action<BinaryWriter> writeTask)
    {
        context.SetVersionInfo(VersionFor(trained.Layout));
        NetworkWriter.Write(trained.Network, context.Writer);
        WriteLayout(context, trained.Layout);
        writeTask(context.Writer);
        if (!context.InRepository)
            return;
        if (trained.History is { } history)
            context.SaveBinaryStream(HistoryStream, writer => TrainingHistoryWriter.Write(history, writer));
        if (trained.Meanings is { IsEmpty: false } meanings)
            context.SaveBinaryStream(MeaningsStream, writer => ColumnMeaningsFormat.Write(meanings, writer));
        if (trained.Errors is { } errors)
            context.SaveBinaryStream(ErrorsStream, writer => HeldOutErrorsFormat.Write(errors, writer));
        if (trained.Layout.Dimensions.Count > 1)
            context.SaveBinaryStream(DimensionsStream, writer => FeatureDimensionsFormat.Write(trained.Layout.Dimensions, writer));
    }

    /// <summary>Reads a model, but for what its task has besides, which comes next.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    public static TrainedNetwork Read(ModelLoadContext context)
    {
        var network = NetworkReader.Read(context.Reader);
        var trained = new TrainedNetwork(network, ReadLayout(context, network), History: null, Meanings: null, Errors: null);
        if (!context.InRepository)
            return trained;
        context.TryLoadBinaryStream(HistoryStream, reader => trained = trained with { History = TrainingHistoryReader.Read(reader) });
        context.TryLoadBinaryStream(MeaningsStream, reader => trained = trained with { Meanings = ColumnMeaningsFormat.Read(reader, network) });
        context.TryLoadBinaryStream(ErrorsStream, reader => trained = trained with { Errors = HeldOutErrorsFormat.Read(reader) });
        context.TryLoadBinaryStream(DimensionsStream, reader => trained = trained with { Layout = trained.Layout with { Dimensions = FeatureDimensionsFormat.Read(reader, network.InputShape.Size) } });
        return trained;
    }

    /// <summary>Writes what follows the network.</summary>
    private static void WriteLayout(ModelSaveContext context, FeatureLayout layout)
    {
        var (planes, keys) = (layout.Planes, layout.Keys);
        if (planes > 1 || keys is not null)
            context.Writer.Write(planes);
        if (keys is null)
            return;
        context.Writer.Write(keys.Slots ?? 0);
        context.Writer.Write(keys.Count);
        context.Writer.Write(keys.AreNumbers);
    }

    /// <summary>Reads what follows the network.</summary>
    /// <returns>The layout, without dimensions.</returns>
    /// <exception cref="FormatException">The network cannot have so many planes, or take such keys.</exception>
    private static FeatureLayout ReadLayout(ModelLoadContext context, Network network)
    {
        var (version, shape) = (context.Header.ModelVerWritten, network.InputShape);
        var planes = version < WithPlanes ? 1 : context.Reader.ReadInt32();
        if (planes < (version == WithPlanes ? 2 : 1) || shape.Size % planes != 0)
            throw new FormatException($"The saved model is damaged: its network takes {shape}, whose values cannot come in {planes} planes.");
        return new FeatureLayout(shape, planes, Dimensions: [], version < WithKeys ? null : ReadKeys(context.Reader, shape.Size));
    }

    private static KeyFeatures ReadKeys(BinaryReader reader, int size)
    {
        var (slots, count, areNumbers) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean());
        var expected = (long)Math.Max(1, slots) * (areNumbers ? 1 : count);
        return slots >= 0 && count > 0 && expected == size ? new KeyFeatures(slots == 0 ? null : slots, count, areNumbers)
            : throw new FormatException($"The saved model is damaged: its network takes {size} features, which are not those of {slots} keys of {count} values.");
    }

    private VersionInfo Version(uint written) => new(
        modelSignature: ModelSignature,
        verWrittenCur: written,
        verReadableCur: written,
        verWeCanReadBack: Initial,
        loaderAssemblyName: typeof(ModelFormat).Assembly.FullName,
        loaderSignature: LoaderSignature);
}
