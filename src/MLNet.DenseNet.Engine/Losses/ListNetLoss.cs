using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The listwise loss of ListNet, for ranking: how far the order by predicted scores is from the order by relevance in each group of rows. The scores s and the targets y of a group both stand for probabilities that a row is the
/// first, q = softmax(s) and p = softmax(y ln 2), and the loss is their divergence, the sum over the rows of p ln(p / q), in nats; it is 0 where scores differ as relevances do. The derivative by a score is q - p.
/// </summary>
/// <remarks>
/// <para>
/// Rows need groups (<see cref="Dataset.WithGroups(ReadOnlySpan{int})"/>; in a pipeline <c>RowGroupColumnName</c>), and the network one output. A group whose rows are all as relevant teaches that they are. Every row's loss is that of its group, and a group counts by the mean weight of its rows, however many it has. A batch that is
/// given to <see cref="NetworkTrainer.ComputeGradient"/> is one group.
/// </para>
/// <para>
/// Relevances may be any numbers, of which those of a group are compared by their differences: where these are below some hundredth, as those of click rates are, they tell hardly anything, and should be multiplied. Those of search, from 0 to 4, need no scaling: with each grade a row is twice as likely to be the first, as its gain 2^y doubles in the usual NDCG. Cao, Qin, Liu, Tsai and Li, "Learning to rank: from pairwise approach to listwise approach" (2007), with the probabilities of the first place. The time
/// is that of a softmax, where pairs would take the square of a group's rows.
/// </para>
/// </remarks>
public sealed class ListNetLoss : Loss
{
    private const float Ln2 = 0.693147181f;

    /// <summary>"ListNet loss".</summary>
    public override string ToString() => "ListNet loss";

    internal override bool NeedsGroups => true;

    internal override double GradientScale(double error) => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Evaluate(in LossPass pass)
    {
        for (var group = 0; group < pass.Groups; group++)
        {
            var (first, end) = pass.Group(group);
            float* scores = pass.Predictions + first, targets = pass.Targets + first, gradient = pass.Gradient + first, losses = pass.Losses + first;
            var rows = end - first;
            var (share, loss) = (0.0, 0.0);
            var (q, p) = (Exponentials(scores, 1, rows, gradient), Exponentials(targets, Ln2, rows, losses));
            for (var row = 0; row < rows; row++)
            {
                var probability = losses[row] / p.Sum;
                var distance = (Ln2 * ((double)targets[row] - p.Largest) - p.LogOfSum) - ((double)scores[row] - q.Largest - q.LogOfSum);
                loss += probability == 0 ? 0 : probability * distance;
                share += pass.Scales[first + row];
                gradient[row] = (float)(gradient[row] / q.Sum - probability);
            }

            for (var row = 0; row < rows; row++)
            {
                gradient[row] = (float)(share * gradient[row]);
                // Rounding may bring a divergence below 0.
                losses[row] = (float)Math.Clamp(loss, 0, float.MaxValue);
            }
        }
    }

    /// <summary>e^(factor (value - largest)) of each value.</summary>
    /// <returns>The largest value, the sum, which is 1 or more, and its logarithm.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe (float Largest, double Sum, float LogOfSum) Exponentials(float* values, float factor, int rows, float* exponentials)
    {
        var largest = values[0];
        for (var row = 1; row < rows; row++)
            largest = Math.Max(largest, values[row]);
        var sum = 0.0;
        for (var row = 0; row < rows; row++)
        {
            exponentials[row] = ElementaryFunctions.Exp(new Scalar(factor * (values[row] - largest))).Value;
            sum += exponentials[row];
        }

        return (largest, sum, ElementaryFunctions.Log(new Scalar((float)sum)).Value);
    }
}
