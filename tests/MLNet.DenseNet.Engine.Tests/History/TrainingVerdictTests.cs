using static MLNet.DenseNet.Engine.Tests.History.MadeUpHistory;

namespace MLNet.DenseNet.Engine.Tests.History;

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

    /// <summary>At a rate that falls to 0 all curves end flat; what counts is how far they came for the way that the steps went.</summary>
    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void A_flat_end_is_no_end_of_learning_where_the_rate_falls_to_0(int epochs, double noise, int seed)
    {
        Func<double, double> way = t => t + Math.Sin(Math.PI * t) / Math.PI;
        Func<double, double> cosine = t => 0.01 * (1 + Math.Cos(Math.PI * t)) / 2;
        var line = Of(
            epochs, t => 2 - 1.2 * way(t), t => 2.1 - 1.2 * way(t), t => 0.3 + 0.4 * way(t), t => 0.28 + 0.4 * way(t), noise: noise, seed: seed, baseline: 0.1, learningRate: cosine).Verdict;
        Assert.Equal(TrainingFit.TooShort, line.Fit);
        // Also where the training rows are known far better already.
        var withGap = Of(
            epochs, t => 1 - 0.9 * way(t), t => 2.1 - 1.2 * way(t), t => 0.5 + 0.45 * way(t), t => 0.28 + 0.4 * way(t), noise: noise, seed: seed, baseline: 0.1, learningRate: cosine).Verdict;
        Assert.Equal(TrainingFit.TooShort, withGap.Fit);
        var learned = Of(
            epochs, t => Falling(2.3, 0.25)(way(t)), t => Falling(2.2, 0.28)(way(t)), t => 1 - Falling(0.9, 0.1)(way(t)), t => 1 - Falling(0.9, 0.12)(way(t)),
            noise: noise, seed: seed, baseline: 0.1, learningRate: cosine).Verdict;
        Assert.Equal(TrainingFit.FitsWell, learned.Fit);
    }

    [Fact]
    public void The_numbers_are_those_of_the_epochs_and_the_best_one_is_that_of_the_smallest_loss()
    {
        var history = Of(50, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0)(t), t => 1 - Falling(0.9, 0.1)(t), noise: 0.01, baseline: 0.1);
        var best = history.MinBy(e => e.ValidationLoss)!;
        var (verdict, last) = (history.Verdict, history[^1]);
        Assert.Equal(best.Epoch, verdict.SinceEpoch);
        Assert.Equal(
            [
                FormattableString.Invariant($"The accuracy is {last.Accuracy:F3} on the training rows and {last.ValidationAccuracy:F3} on the validation rows; always guessing the commonest class reaches 0.100."),
                FormattableString.Invariant($"From epoch {best.Epoch} to the last, the validation loss rose from {best.ValidationLoss:G4} to {last.ValidationLoss:G4}."),
                FormattableString.Invariant($"From epoch {best.Epoch} to the last, the training loss fell from {best.Loss:G4} to {last.Loss:G4}."),
            ],
            verdict.Evidence);
    }

    [Fact]
    public void Where_classes_are_weighed_so_is_what_was_learned()
    {
        // Right less often than a guess, since it finds the rare class too.
        var good = Weighed(0.9, 0.88);
        Assert.Equal(TrainingFit.FitsWell, good.Fit);
        Assert.Contains(
            "The accuracy, classes by their weights, is 0.900 on the training rows and 0.880 on the validation rows; always guessing the commonest class reaches 0.500.", good.Evidence);
        Assert.Equal(TrainingFit.Underfits, Weighed(0.55, 0.5).Fit);
        Assert.Equal(TrainingFit.Overfits, Weighed(0.98, 0.5).Fit);

        static TrainingVerdict Weighed(double training, double validation) => Of(
            50, Falling(0.7, 0.3), Falling(0.6, 0.32), Falling(0.5, 0.9), Falling(0.5, 0.93), baseline: 0.5,
            changeEpoch: e => e with
            {
                ClassWeightedAccuracy = Falling(0.5, training, 20)((e.Epoch - 1) / 49.0),
                ValidationClassWeightedAccuracy = Falling(0.5, validation, 20)((e.Epoch - 1) / 49.0),
            }).Verdict;
    }

    [Fact]
    public void A_model_that_knows_nothing_of_its_own_rows_has_not_learned_them_by_heart()
    {
        foreach (var (training, validation) in ((double, double)[])[(0.005, -7), (-124, -1e6)])
        {
            var verdict = Of(60, t => 1 + 0.001 * Math.Sin(20 * t), t => 8 + 0.001 * Math.Cos(20 * t), rSquared: _ => training, validationRSquared: _ => validation).Verdict;
            Assert.Equal(TrainingFit.Underfits, verdict.Fit);
            Assert.StartsWith("Another learning rate than 0.01", verdict.Remedies[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_learned_by_heart_before_anything_else_are_no_sign_of_too_small_a_network()
    {
        var verdict = Of(
            50, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0.02)(t), t => 1 - Falling(0.9, 0.7, 30)(t), baseline: 0.1, end: TrainingEnd.EarlyStopped, restored: 3).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("The weights are those of epoch 3", StringComparison.Ordinal));
        Assert.StartsWith("More data", verdict.Remedies[0], StringComparison.Ordinal);
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
        var tooShort = Of(50, t => 2 - t, accuracy: t => 0.1 + 0.5 * t, baseline: 0.1).Verdict;
        Assert.Equal(TrainingFit.TooShort, tooShort.Fit);
        Assert.StartsWith("A validation set", tooShort.Remedies[0], StringComparison.Ordinal);
        // Nearly all rows learned: from here on it is likely to be by heart.
        Assert.Equal(TrainingFit.Unknown, Of(50, t => 2 - t, accuracy: t => 0.45 + 0.5 * t, baseline: 0.1).Verdict.Fit);
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

    [Fact]
    public void What_is_in_force_is_not_proposed_again()
    {
        var overfits = Of(
            50, Falling(2.3, 0.05), FallsThenRises, layers: ["Standardization, limit 3", "Dropout 0.3"],
            change: s => s with { WeightDecay = 0.1f, Augmentation = "rows with noise 0.1 and mixup 0", EarlyStopping = "after 10 epochs without a better loss" }).Verdict;
        Assert.Equal(
            [
                "A stronger Augmentation than rows with noise 0.1 and mixup 0.", "A smaller network: fewer units or layers in HiddenLayers; it has 5 parameters.",
                "More dropout: a larger DropoutRate than 0.3, up to 0.5f.", "More weight decay: a larger WeightDecay than 0.1, three times as large each try.",
                "RestoreBestWeights = true, which keeps the weights of the best epoch.",
            ],
            overfits.Remedies.Skip(1));
        Assert.DoesNotContain(Of(50, Falling(2.3, 0.05), FallsThenRises, layers: ["Dropout 0.5"]).Verdict.Remedies, r => r.Contains("ropout", StringComparison.Ordinal));

        TrainingHistory Underfits(float decay, params string[] layers) => Of(
            50, Falling(0.8, 0.66), Falling(0.8, 0.67), t => 1 - Falling(0.5, 0.36)(t), t => 1 - Falling(0.5, 0.37)(t), baseline: 0.5, change: s => s with { WeightDecay = decay }, layers: layers);
        Assert.Equal(
            ["More units or layers: HiddenLayers.", "Another learning rate than 0.01: FindLearningRate suggests one.", "Features of zero mean and unit variance.", "More telling features: what the features do not hold, no network finds."],
            Underfits(0).Verdict.Remedies);
        Assert.Equal("Less that holds it back: a smaller DropoutRate, 0.2, or WeightDecay, 0.1.", Underfits(0.1f, "Standardization, limit 3", "Dropout 0.2").Verdict.Remedies[1]);
        Assert.DoesNotContain("zero mean", Underfits(0, "Standardization, limit 3").Verdict.ToString(), StringComparison.Ordinal);

        var diverges = Of(
            50, t => t < 0.5 ? Falling(2.3, 0.5, 10)(t) : 0.5 + 3 * (t - 0.5), layers: ["Standardization, limit 3"], change: s => s with { GradientNormLimit = 1, LearningRateSchedule = "warm-up of 2 epochs, then constant" });
        Assert.Single(diverges.Verdict.Remedies);

        Assert.StartsWith("Letting it go on: it was ended after 2 of 100 epochs", Assert.Single(Ended(TrainingEnd.Canceled)), StringComparison.Ordinal);
        Assert.StartsWith("Letting it go on", Assert.Single(Ended(TrainingEnd.StoppedByCallback)), StringComparison.Ordinal);
        Assert.Equal("A larger patience of EarlyStopping, which ended training after 1 epoch without a better loss.", Assert.Single(Ended(TrainingEnd.EarlyStopped)));
        Assert.Equal("More epochs: NumberOfEpochs = 200.", Ended(TrainingEnd.Completed)[0]);

        static IReadOnlyList<string> Ended(TrainingEnd end) =>
            Of(2, t => 1 - t, t => 1 - t, end: end, change: s => s with { NumberOfEpochs = 100, EarlyStopping = "after 1 epoch without a better loss" }).Verdict.Remedies;
    }
}
