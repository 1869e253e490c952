namespace MLNet.DenseNet.Engine.Tests.History;

/// <summary>Histories with curves given as functions of time, from 0 at the first epoch to 1 at the last, and noise.</summary>
internal static class MadeUpHistory
{
    public static TrainingHistory Of(
        int epochs, Func<double, double> loss, Func<double, double>? validationLoss = null, Func<double, double>? accuracy = null, Func<double, double>? validationAccuracy = null,
        Func<double, double>? rSquared = null, Func<double, double>? validationRSquared = null, double noise = 0, int seed = 1,
        double? baseline = null, int validationRows = 1000, TrainingEnd end = TrainingEnd.Completed, int? restored = null,
        Func<double, double>? learningRate = null, Func<TrainingSettings, TrainingSettings>? change = null, Func<EpochSummary, EpochSummary>? changeEpoch = null, params string[] layers)
    {
        var random = new Random(seed);
        return new TrainingHistory(
            [
                .. Enumerable.Range(0, epochs).Select(i => (changeEpoch ?? (e => e))(new EpochSummary(
                    i + 1, epochs, Value(loss, i)!.Value, Value(accuracy, i), Value(rSquared, i), Value(validationLoss, i), Value(validationAccuracy, i), Value(validationRSquared, i),
                    (float)(learningRate ?? (_ => 0.01))(epochs == 1 ? 0 : i / (epochs - 1.0)), 1000, TimeSpan.FromSeconds(i), TimeSpan.Zero))),
            ],
            end, restored,
            (change ?? (s => s))(new TrainingSettings("a loss", "an optimizer", 0.01f, "constant", 0, 32, epochs, true, 1, 5000, validationLoss is null ? 0 : validationRows)),
            new NetworkSummary([.. layers.Select(layer => new LayerSummary(layer, null, 4, 4, 0, 1)), new LayerSummary("Dense 1", null, 4, 1, 5, 1)]), baseline);

        double? Value(Func<double, double>? curve, int i) =>
            curve is null ? null : curve(epochs == 1 ? 0 : i / (epochs - 1.0)) + noise * Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5);
    }

    /// <summary>Falls from one value towards another, <paramref name="rate"/> times a factor e over the whole time.</summary>
    public static Func<double, double> Falling(double from, double to, double rate = 8) => t => to + (from - to) * Math.Exp(-rate * t);
}
