namespace MLNet.DenseNet.Engine;

/// <summary>
/// How far predictions of one number were from the targets of rows that they were not learned from. From them follow intervals that hold about as often as is asked, whatever the network is (split-conformal prediction); only about, since the same rows chose the epoch. Of an ensemble whose members left out rows
/// of their own, the errors are those of each member on its rows: they are a little larger than those of the mean, so that intervals are a little wider than they had to be.
/// </summary>
/// <remarks>
/// Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive inference for regression" (2018). Where targets deviate the more the larger their mean is, errors are divided by the deviation that the loss takes them to have, up to a factor: they are
/// Pearson residuals (McCullagh and Nelder, "Generalized linear models", 1989), and intervals are as many times wider for each row (the locally weighted ones of section 5.2 there; Papadopoulos, Gammerman and Vovk, "Normalized nonconformity measures for regression conformal prediction", 2008).
/// </remarks>
/// <param name="Rows">The number of rows.</param>
/// <param name="Magnitudes">The absolute errors, divided by the predictions to the power <paramref name="DeviationPower"/>, ascending: all, or as many at even steps through their ranks as <see cref="MostKept"/>, the largest among them.</param>
/// <param name="DeviationPower">As <see cref="Loss.DeviationPower"/> of the loss that was learned by.</param>
internal sealed record HeldOutErrors(int Rows, IReadOnlyList<float> Magnitudes, float DeviationPower = 0)
{
    /// <summary>More tell no quantile better.</summary>
    public const int MostKept = 10_000;

    /// <summary>Measures a network of one output.</summary>
    /// <param name="network">As it predicts, in the targets' own units.</param>
    /// <param name="rows">Rows that nothing was learned from; of an ensemble with folds, not looked at.</param>
    /// <param name="folds">What each member left out; null where all learned from the same rows.</param>
    /// <param name="deviationPower">What of the predictions to divide the errors by; with any but 0, predictions are at least 0.</param>
    /// <returns>Null where there is no row, or where rows are streamed and training was canceled: how many would be read then is chance.</returns>
    public static HeldOutErrors? Of(Network network, RowSource rows, HeldOutFolds? folds, float deviationPower = 0) =>
        Of(folds is null ? Measure(network, rows, deviationPower)
            : [.. folds.Members.Index().Where(member => member.Item.Count > 0).SelectMany(member => Measure(network.Members[member.Index], member.Item, deviationPower)!)], deviationPower);

    /// <summary>The same of a network that puts out its own features: how large the errors of whole rows are, as <see cref="Reconstruction"/> has them.</summary>
    public static HeldOutErrors? OfReconstruction(Network network, RowSource rows) => Of(new Reconstruction(network).Scores(rows), deviationPower: 0);

    private static HeldOutErrors? Of(List<float>? magnitudes, float deviationPower)
    {
        if (magnitudes is not { Count: > 0 })
            return null;
        magnitudes.Sort();
        return new HeldOutErrors(magnitudes.Count, Kept(magnitudes), deviationPower);
    }

    /// <summary>Half the width of an interval around predictions that holds a share of the values, divided by the prediction to the power <see cref="DeviationPower"/>.</summary>
    /// <param name="confidence">The share, in [0, 1]. It is decimal, for which 100 times 0.99 is 99: what binary numbers make of it can be a little more, and the rank one too high.</param>
    /// <returns>The ⌈(rows + 1) confidence⌉-th smallest error, <see cref="float.MaxValue"/> where that is beyond the range of float32; null where there are too few rows to tell.</returns>
    public float? Quantile(decimal confidence)
    {
        var rank = Math.Max(1, (int)Math.Ceiling((Rows + 1m) * confidence));
        if (rank > Rows)
            return null;
        // The first that is kept of this rank or a higher one.
        return Magnitudes[(int)(((long)rank * Magnitudes.Count + Rows - 1) / Rows) - 1];
    }

    private static float[] Kept(List<float> sorted) => sorted.Count <= MostKept ? [.. sorted]
        : [.. Enumerable.Range(1, MostKept).Select(step => sorted[(int)((long)step * sorted.Count / MostKept) - 1])];

    /// <summary>What the loss takes the deviation of a target to be, up to a factor: a prediction, at least 0, to a power. The same bits on every machine.</summary>
    public static float Deviation(float prediction, float power) => power switch
    {
        0.5f => MathF.Sqrt(prediction),
        1 => prediction,
        _ => prediction == 0 ? 0 : LogLink.Mean(power * LogLink.Logarithm(prediction)),
    };

    private static List<float>? Measure(Network network, RowSource rows, float deviationPower)
    {
        var magnitudes = new List<float>();
        var areAll = RowPasses.Run(rows, [network], (batch, predictions) =>
        {
            var targets = batch.Targets.Values;
            for (var row = 0; row < predictions[0].Length; row++)
                magnitudes.Add(Magnitude(predictions[0][row], targets[row], deviationPower));
        });
        return areAll ? magnitudes : null;
    }

    private static float Magnitude(float prediction, float target, float deviationPower)
    {
        var error = Math.Abs(prediction - target);
        // A prediction of 0 that is right is no error; one that is wrong is as large an error as there is.
        return Math.Min(float.MaxValue, deviationPower == 0 || error == 0 ? error : error / Deviation(prediction, deviationPower));
    }
}
