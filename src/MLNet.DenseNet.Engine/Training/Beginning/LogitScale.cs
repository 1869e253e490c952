namespace MLNet.DenseNet.Engine;

/// <summary>
/// Makes logits of a regression's predictions of classes, 0 and 1: what goes beyond the share of a class, times a factor, is added to the logarithm of the share. The factor is the one by which rows that are left out are told best.
/// </summary>
/// <remarks>Platt, "Probabilistic outputs for support vector machines" (1999), also for counting rows that are not there, here one that is of each class alike: few rows that are told without an error do not say that there are none, nor does a class that none of them has.</remarks>
internal static class LogitScale
{
    private const int Factors = 17;
    private const double Ratio = 1.4142135623730951;

    /// <summary>Finds the factor: 0, or up to 256.</summary>
    /// <param name="predictions">(outputs x rows): of each row by all others; of two classes, one output is enough.</param>
    /// <param name="targets">(outputs x rows): 0 or 1.</param>
    public static double Of(double[][] predictions, double[][] targets)
    {
        var shares = SharesOf(targets);
        var (best, least, factor) = (0.0, CrossEntropy(predictions, targets, shares, factor: 0), 1.0);
        for (var i = 0; i < Factors; i++, factor *= Ratio)
        {
            var error = CrossEntropy(predictions, targets, shares, factor);
            if (error < least)
                (best, least) = (factor, error);
        }

        return best;
    }

    /// <summary>(outputs): how often each class is met.</summary>
    public static double[] SharesOf(double[][] targets) => Array.ConvertAll(targets, ofOutput => Smoothed(ofOutput.Average(), targets));

    /// <summary>The logit of a class by its share.</summary>
    /// <param name="share">In (0, 1).</param>
    /// <param name="isAlone">Whether one output tells two classes.</param>
    public static double OfShare(double share, bool isAlone) => LogLink.Logarithm((float)share) - (isAlone ? LogLink.Logarithm((float)(1 - share)) : 0);

    private static double CrossEntropy(double[][] predictions, double[][] targets, double[] shares, double factor)
    {
        var (outputs, sum) = (shares.Length, 0.0);
        var ofShares = Array.ConvertAll(shares, share => OfShare(share, outputs == 1));
        for (var row = 0; row < targets[0].Length; row++)
        {
            var (largest, own) = (double.NegativeInfinity, 0.0);
            var logits = new double[Math.Max(2, outputs)];
            for (var output = 0; output < outputs; output++)
            {
                logits[output] = ofShares[output] + factor * (predictions[output][row] - shares[output]);
                own += Smoothed(targets[output][row], targets) * logits[output];
            }

            foreach (var logit in logits)
                largest = Math.Max(largest, logit);
            var exponentials = 0f;
            foreach (var logit in logits)
                exponentials += LogLink.Mean((float)(logit - largest));
            sum += largest + LogLink.Logarithm(exponentials) - own;
        }

        return sum;
    }

    /// <summary>A target, or a mean of some, with one more row, which is of each class alike.</summary>
    private static double Smoothed(double target, double[][] targets)
    {
        var (rows, classes) = (targets[0].Length, Math.Max(2, targets.Length));
        return (target * rows + 1.0 / classes) / (rows + 1);
    }
}
