using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>
/// How a kind of model is saved in ML.NET's zip files. The model's stream holds ML.NET's header, the network (NetworkFormat) and, in version 2, an int32: the planes that the feature column gives one after the other
/// (<see cref="FeatureLayout"/>). Where there are none it is written as version 1, which older versions of the library read. Streams beside it, which older versions do not have, hold the training history
/// (TrainingHistoryFormat), what the columns stood for (ColumnMeaningsFormat), the dimensions of the feature column where it has several (FeatureDimensionsFormat) and the errors on rows held out from a regression (HeldOutErrorsFormat). Behind all that, in the model's
/// stream, a multi-label classification has its thresholds (ThresholdsFormat).
/// </summary>
/// <param name="ModelSignature">Eight characters.</param>
/// <param name="LoaderSignature">At most 24 characters; the name in the LoadableClass attribute.</param>
internal sealed record ModelFormat(string ModelSignature, string LoaderSignature)
{
    private const uint Initial = 0x00010001;
    private const uint WithPlanes = 0x00010002;

    /// <summary>The version of a file without planes.</summary>
    public VersionInfo VersionInfo => Version(Initial);

    /// <summary>The version of a file with the model of a column with these planes.</summary>
    public VersionInfo VersionFor(int planes) => Version(planes > 1 ? WithPlanes : Initial);

    /// <summary>Checks that the file has this kind of model here, in a version that can be read.</summary>
    public ModelLoadContext Check(IHostEnvironment env, ModelLoadContext context)
    {
        MLNetVersion.Check();
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckValue(context, nameof(context));
        context.CheckAtModel(Version(WithPlanes));
        return context;
    }

    /// <summary>Writes what follows the network.</summary>
    public static void WritePlanes(ModelSaveContext context, int planes)
    {
        if (planes > 1)
            context.Writer.Write(planes);
    }

    /// <summary>Reads what follows the network.</summary>
    /// <exception cref="FormatException">The network cannot have so many planes.</exception>
    public static int ReadPlanes(ModelLoadContext context, Network network)
    {
        if (context.Header.ModelVerWritten < WithPlanes)
            return 1;
        var planes = context.Reader.ReadInt32();
        return planes > 1 && network.InputShape.Size % planes == 0 ? planes
            : throw new FormatException($"The saved model is damaged: its network takes {network.InputShape}, whose values cannot come in {planes} planes.");
    }

    private VersionInfo Version(uint written) => new(
        modelSignature: ModelSignature,
        verWrittenCur: written,
        verReadableCur: written,
        verWeCanReadBack: Initial,
        loaderAssemblyName: typeof(ModelFormat).Assembly.FullName,
        loaderSignature: LoaderSignature);
}
