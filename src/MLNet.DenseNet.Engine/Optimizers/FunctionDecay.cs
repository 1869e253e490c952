namespace MLNet.DenseNet.Engine;

/// <summary>
/// What weight decay makes small of functions of single numbers (<see cref="NumericEmbeddingLayer"/>), whose weights are by how much they change from piece to piece. Squares are small where a function bends softly; they make a step expensive, and leave a
/// little of what every piece tells by chance. Their total variation, the sum of magnitudes, is that of a step as of a slope of the same height, and pieces that tell little stay 0.
/// </summary>
/// <remarks>
/// Total variation: Tibshirani and others, "Sparsity and smoothness via the fused lasso" (2005). After each step, weights come nearer to 0 by rate * decay * 0.2, those within that to 0, which is the proximal step of an L1 penalty, decoupled as the decay of
/// <see cref="AdamW"/> is. So it fits optimizers whose steps go by how sure a gradient is, as all of Adam's kind: a weight stays 0 whose gradients have a mean of less than some hundredths of their deviation.
/// </remarks>
internal enum FunctionDecay
{
    /// <summary>Squares, as of all other weights.</summary>
    Squares,

    /// <summary>The total variation.</summary>
    TotalVariation,

    /// <summary>The total variation in every second network of an ensemble, squares in the others: the mean of both is as good as the better one, or nearly so.</summary>
    Both,
}
