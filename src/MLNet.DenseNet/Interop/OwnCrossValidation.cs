using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>Tells whether a training is part of ML.NET's own cross-validation of regressions, which trains all folds before it finds that it can evaluate one output only.</summary>
internal static class OwnCrossValidation
{
    /// <summary>Whether it is on the call stack; nothing else shows it. A pipeline in which a later step makes one output of several looks the same, and is refused too.</summary>
    public static bool IsRunning => new StackTrace(fNeedFileInfo: false).GetFrames()
        .Any(frame => DiagnosticMethodInfo.Create(frame) is { Name: nameof(RegressionCatalog.CrossValidate) } method && method.DeclaringTypeName == typeof(RegressionCatalog).FullName);
}
