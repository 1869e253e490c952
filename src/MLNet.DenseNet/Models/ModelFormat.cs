using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Models;

/// <summary>
/// How a kind of model is saved in ML.NET's zip files. The model's stream holds ML.NET's header and then the network (NetworkFormat). Streams beside it, which older versions do not have, hold the training
/// history (TrainingHistoryFormat) and what the columns stood for (ColumnMeaningsFormat).
/// </summary>
/// <param name="ModelSignature">Eight characters.</param>
/// <param name="LoaderSignature">At most 24 characters; the name in the LoadableClass attribute.</param>
internal sealed record ModelFormat(string ModelSignature, string LoaderSignature)
{
    public VersionInfo VersionInfo => new(
        modelSignature: ModelSignature,
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ModelFormat).Assembly.FullName,
        loaderSignature: LoaderSignature);

    /// <summary>Checks that the file has this kind of model here, in a version that can be read.</summary>
    public ModelLoadContext Check(IHostEnvironment env, ModelLoadContext context)
    {
        MLNetVersion.Check();
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckValue(context, nameof(context));
        context.CheckAtModel(VersionInfo);
        return context;
    }
}
