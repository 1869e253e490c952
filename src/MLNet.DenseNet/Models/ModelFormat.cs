using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Models;

/// <summary>How a kind of model is known in ML.NET's zip files. Its content is ML.NET's header, then the engine's block (NetworkFormat); beside it, in streams
/// of their own that older versions do not have, the training history (TrainingHistoryFormat) and what the columns stood for that were learned from (ColumnMeaningsFormat).</summary>
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

    /// <summary>Checks that the place in the file holds this kind of model, in a version that can be read.</summary>
    public ModelLoadContext Check(IHostEnvironment env, ModelLoadContext context)
    {
        MLNetVersion.Check();
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckValue(context, nameof(context));
        context.CheckAtModel(VersionInfo);
        return context;
    }
}
