using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>Whether a training is one of ML.NET's own cross-validation of regressions, which trains all folds before it finds that it can evaluate one output only.</summary>
internal static class OwnCrossValidation
{
    /// <summary>Looks at who called: neither the estimator nor its data is told. Nothing tells either whether a later step makes one output of several, so such a pipeline is taken for one that cannot be evaluated.</summary>
    public static bool IsRunning => new StackTrace(fNeedFileInfo: false).GetFrames()
        .Any(frame => DiagnosticMethodInfo.Create(frame) is { Name: nameof(RegressionCatalog.CrossValidate) } method && method.DeclaringTypeName == typeof(RegressionCatalog).FullName);
}
