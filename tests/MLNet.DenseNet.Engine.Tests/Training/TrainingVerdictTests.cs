using static MLNet.DenseNet.Engine.Tests.Training.MadeUpHistory;

namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Curves whose verdict is beyond doubt, with as much noise as one meets.</summary>
public class TrainingVerdictTests
{
    // Falls, then rises from 40 % of the time on.
    private static readonly Func<double, double> FallsThenRises = t => t < 0.4 ? Falling(2.3, 0.4, 10)(t) : Falling(2.3, 0.4, 10)(0.4) + 1.2 * (t - 0.4);

    public static TheoryData<int, double, int> LengthsAndNoise => new MatrixTheoryData<int, double, int>([12, 30, 100, 400], [0, 0.01], [1, 2, 3]);

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void Curves_that_fall_and_stay_together_fit_well(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, Falling(2.3, 0.25), Falling(2.2, 0.28), t => 1 - Falling(0.9, 0.1)(t), t => 1 - Falling(0.9, 0.12)(t), noise: noise, seed: seed, baseline: 0.1).Verdict;
        Assert.Equal((TrainingFit.FitsWell, null), (verdict.Fit, verdict.SinceEpoch));
        Assert.Empty(verdict.Remedies);
    }

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_validation_loss_that_rises_while_the_training_loss_falls_overfits_since_its_smallest(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0)(t), t => 1 - Falling(0.9, 0.1)(t), noise: noise, seed: seed, baseline: 0.1).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.InRange(verdict.SinceEpoch!.Value, 0.25 * epochs, 0.55 * epochs);
        Assert.Contains(verdict.Evidence, e => e.Contains("the validation loss rose from", StringComparison.Ordinal));
        Assert.Equal($"Overfits since epoch {verdict.SinceEpoch}", verdict.Headline);
    }

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_gap_between_the_metrics_overfits_even_where_the_validation_loss_does_not_rise(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, Falling(2.3, 0.01), Falling(2.3, 0.9), t => 1 - Falling(0.9, 0.02)(t), t => 1 - Falling(0.9, 0.3)(t), noise: noise, seed: seed, baseline: 0.1).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("on the training rows and 0.7", StringComparison.Ordinal) || e.Contains("on the training rows and 0.6", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_loss_that_rises_again_diverges(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, t => t < 0.5 ? Falling(2.3, 0.5, 10)(t) : 0.5 + 3 * (t - 0.5), noise: noise, seed: seed).Verdict;
        Assert.Equal(TrainingFit.Diverges, verdict.Fit);
        Assert.InRange(verdict.SinceEpoch!.Value, 0.3 * epochs, 0.65 * epochs);
        Assert.StartsWith("A smaller learning rate: LearningRate = 0.0033f", verdict.Remedies[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_model_that_hardly_beats_guessing_underfits(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, Falling(0.8, 0.66), Falling(0.8, 0.67), t => 1 - Falling(0.5, 0.36)(t), t => 1 - Falling(0.5, 0.37)(t), noise: noise / 2, seed: seed, baseline: 0.5).Verdict;
        Assert.Equal(TrainingFit.Underfits, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("always guessing the commonest class reaches 0.500", StringComparison.Ordinal));
    }

    [Fact]
    public void High_accuracy_is_nothing_where_guessing_reaches_it()
    {
        Assert.Equal(TrainingFit.Underfits, Imbalanced(0.95).Verdict.Fit);
        Assert.Equal(TrainingFit.FitsWell, Imbalanced(0.5).Verdict.Fit);

        static TrainingHistory Imbalanced(double baseline) =>
            Of(30, Falling(0.4, 0.19), Falling(0.4, 0.2), t => 1 - Falling(0.05, 0.045)(t), t => 1 - Falling(0.05, 0.048)(t), baseline: baseline);
    }

    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_validation_loss_that_still_falls_was_trained_too_short(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, t => 2 - 1.2 * t, t => 2.1 - 1.2 * t, t => 0.3 + 0.4 * t, t => 0.28 + 0.4 * t, noise: noise, seed: seed, baseline: 0.1).Verdict;
        Assert.Equal(TrainingFit.TooShort, verdict.Fit);
        Assert.Contains("NumberOfEpochs", verdict.Remedies[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_epochs_tell_nothing(int epochs) => Assert.Equal(TrainingFit.TooShort, Of(epochs, t => 1 - t, t => 1 + t).Verdict.Fit);

    [Fact]
    public void Without_validation_rows_it_says_what_cannot_be_told()
    {
        var verdict = Of(50, Falling(2.3, 0.01), accuracy: t => 1 - Falling(0.9, 0.01)(t), baseline: 0.1).Verdict;
        Assert.Equal(TrainingFit.Unknown, verdict.Fit);
        Assert.Contains("ValidationFraction", Assert.Single(verdict.Remedies), StringComparison.Ordinal);
        // What shows on the training rows alone is told.
        Assert.Equal(TrainingFit.Underfits, Of(50, Falling(2.3, 2), accuracy: t => 1 - Falling(0.9, 0.8)(t), baseline: 0.1).Verdict.Fit);
        Assert.Equal(TrainingFit.TooShort, Of(50, t => 2 - t, accuracy: t => 0.1 + 0.5 * t, baseline: 0.1).Verdict.Fit);
    }

    [Fact]
    public void A_regression_is_judged_by_its_r_squared()
    {
        Assert.Equal(TrainingFit.FitsWell, Regression(0.9, 0.88).Fit);
        Assert.Equal(TrainingFit.Underfits, Regression(0.2, 0.18).Fit);
        Assert.Equal(TrainingFit.Overfits, Regression(0.99, 0.5).Fit);
        // Worse than the mean, as happens on validation rows.
        Assert.Equal(TrainingFit.Overfits, Regression(0.99, -2).Fit);

        static TrainingVerdict Regression(double training, double validation) => Of(
            60, Falling(100, 100 * (1 - training)), Falling(100, 100 * (1 - validation)), rSquared: Falling(0, training), validationRSquared: Falling(0, validation)).Verdict;
    }

    [Fact]
    public void Few_validation_rows_are_no_evidence_of_a_gap()
    {
        Assert.Equal(TrainingFit.Overfits, Gap(validationRows: 1000).Fit);
        Assert.Equal(TrainingFit.FitsWell, Gap(validationRows: 12).Fit);

        static TrainingVerdict Gap(int validationRows) => Of(
            40, Falling(2.3, 0.1), Falling(2.3, 0.5), t => 1 - Falling(0.9, 0.02)(t), t => 1 - Falling(0.9, 0.17)(t), baseline: 0.1, validationRows: validationRows).Verdict;
    }

    [Fact]
    public void Weights_that_were_put_back_are_judged_as_they_are()
    {
        var verdict = Of(
            50, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0.05)(t), t => 1 - Falling(0.9, 0.08)(t), baseline: 0.1, end: TrainingEnd.EarlyStopped, restored: 20).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("The weights are those of epoch 20", StringComparison.Ordinal));
        // A gap at the epoch that was kept is one all the same, and early stopping no remedy.
        verdict = Of(
            50, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0.01)(t), t => 1 - Falling(0.9, 0.4)(t), baseline: 0.1, end: TrainingEnd.EarlyStopped, restored: 20).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.True(verdict.SinceEpoch < 20);
        Assert.DoesNotContain(verdict.Remedies, r => r.StartsWith("Early", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_that_is_not_finite_diverges_in_its_epoch() =>
        Assert.Equal((TrainingFit.Diverges, 6), (Of(11, _ => 1, t => t < 0.5 ? 1 : double.PositiveInfinity).Verdict.Fit, Of(11, _ => 1, t => t < 0.5 ? 1 : double.NaN).Verdict.SinceEpoch!.Value));

    [Fact]
    public void The_scale_of_the_losses_does_not_matter()
    {
        foreach (var scale in (double[])[1e-6, 1, 1e9])
        {
            Assert.Equal(TrainingFit.Overfits, Of(50, t => scale * Falling(2.3, 0.05)(t), t => scale * FallsThenRises(t)).Verdict.Fit);
            Assert.Equal(TrainingFit.FitsWell, Of(50, t => scale * Falling(2.3, 0.25)(t), t => scale * Falling(2.2, 0.28)(t)).Verdict.Fit);
        }
    }

    [Fact]
    public void One_bad_epoch_at_the_end_changes_nothing() =>
        Assert.Equal(TrainingFit.FitsWell, Of(
            60, Falling(2.3, 0.25), t => Falling(2.2, 0.28)(t) + (t == 1 ? 0.05 : 0), t => 1 - Falling(0.9, 0.1)(t), t => 1 - Falling(0.9, 0.12)(t), noise: 0.005, baseline: 0.1).Verdict.Fit);

    [Fact]
    public void Remedies_against_overfitting_come_in_order()
    {
        var verdict = Of(50, Falling(2.3, 0.05), FallsThenRises).Verdict;
        Assert.Equal(["More", "Augmentation", "A", "Dropout", "Weight", "Early"], verdict.Remedies.Select(r => r.Split([" ", ":"], StringSplitOptions.None)[0]));
        Assert.Contains("5,000 rows", verdict.Remedies[0], StringComparison.Ordinal);
        Assert.Contains("5 parameters", verdict.Remedies[2], StringComparison.Ordinal);
        Assert.StartsWith($"{verdict.Headline}\n  ", verdict.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n  4. Dropout", verdict.ToString(), StringComparison.Ordinal);
    }
}
