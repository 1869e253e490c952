using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet;

/// <summary>Replaces a step of a fitted pipeline, which ML.NET's chains of transformers have no way to do: of their scopes, which say what of them is saved, nothing is public.</summary>
internal static class ReplacedStep
{
    /// <summary>A pipeline with another step in the place of one of its own.</summary>
    /// <param name="pipeline">The step itself, or a chain that has it, or in which a chain has it. It does not change.</param>
    /// <param name="step">The step.</param>
    /// <param name="replacement">What comes in its place.</param>
    public static ITransformer In(ITransformer pipeline, ITransformer step, ITransformer replacement) =>
        ReferenceEquals(pipeline, step) ? replacement
        : pipeline is ITransformerChainAccessor chain ? new TransformerChain<ITransformer>(chain.Transformers.Select(part => In(part, step, replacement)), chain.Scopes)
        : pipeline;
}
