using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Models;

/// <summary>The probability that a logit stands for. In float32 it would be 1 from 17 on and 0 from -104 on: a single row that is otherwise would make the log-loss of all infinite.</summary>
internal static class LogitProbability
{
    // The smallest number of full precision, and the largest number below 1.
    private const float Least = 1.17549435e-38f;
    private const float Most = 1 - 1f / (1 << 24);

    /// <param name="logit">Not-a-number has no probability, which is not-a-number too.</param>
    public static float Of(float logit) => Math.Clamp(ElementaryFunctions.Sigmoid(new Scalar(logit)).Value, Least, Most);
}
