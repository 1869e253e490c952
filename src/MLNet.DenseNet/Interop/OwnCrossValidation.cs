using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet;

/// <summary>Tells whether a training is part of ML.NET's own cross-validation of regressions, which trains all folds before it finds that it can evaluate one output only.</summary>
internal static class OwnCrossValidation
{
    /// <summary>Refuses to train in it. A pipeline in which a later step makes one output of several looks the same, and is refused too.</summary>
    /// <param name="host">Throws.</param>
    /// <param name="what">Says what has several outputs.</param>
    /// <param name="instead">What is for it instead, and for several of what.</param>
    /// <exception cref="NotSupportedException">It is running.</exception>
    public static void Refuse(IHost host, string what, string instead)
    {
        if (IsRunning)
        {
            throw host.ExceptNotSupp(
                $"{what}: mlContext.Regression.CrossValidate evaluates a single output; {instead}. "
                    + "A pipeline in which a later step makes one output of these can be fitted and evaluated on the folds of mlContext.Data.CrossValidationSplit.");
        }
    }

    /// <summary>Whether it is on the call stack; nothing else shows it.</summary>
    private static bool IsRunning => new StackTrace(fNeedFileInfo: false).GetFrames()
        .Any(frame => DiagnosticMethodInfo.Create(frame) is { Name: nameof(RegressionCatalog.CrossValidate) } method && method.DeclaringTypeName == typeof(RegressionCatalog).FullName);
}
