using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet;

/// <summary>Tells whether a training is part of ML.NET's own cross-validation, which trains all folds before it finds that it can evaluate one output or one class a row only.</summary>
internal static class OwnCrossValidation
{
    /// <summary>Refuses to train in it. A pipeline in which a later step makes one output of several looks the same, and is refused too.</summary>
    /// <param name="host">Throws.</param>
    /// <param name="what">Says what has several outputs.</param>
    /// <param name="instead">What is for it instead, and for several of what.</param>
    /// <exception cref="NotSupportedException">It is running.</exception>
    public static void Refuse(IHost host, string what, string instead)
    {
        if (Running is { } running)
        {
            throw host.ExceptNotSupp(
                $"{what}: {running} evaluates a single output; {instead}. "
                    + "A pipeline in which a later step makes one output of these can be fitted and evaluated on the folds of mlContext.Data.CrossValidationSplit.");
        }
    }

    /// <summary>The one on the call stack, such as "mlContext.Regression.CrossValidate"; null where there is none. Nothing else shows it.</summary>
    private static string? Running => (
        from frame in new StackTrace(fNeedFileInfo: false).GetFrames()
        let method = DiagnosticMethodInfo.Create(frame)
        where method is { Name: nameof(RegressionCatalog.CrossValidate) or nameof(BinaryClassificationCatalog.CrossValidateNonCalibrated) }
        from catalog in Catalogs
        where method.DeclaringTypeName == catalog.Type.FullName
        select $"mlContext.{catalog.Name}.{method.Name}").FirstOrDefault();

    private static (Type Type, string Name)[] Catalogs =>
    [
        (typeof(RegressionCatalog), nameof(MLContext.Regression)), (typeof(BinaryClassificationCatalog), nameof(MLContext.BinaryClassification)),
        (typeof(MulticlassClassificationCatalog), nameof(MLContext.MulticlassClassification)),
    ];
}
