using System.Globalization;
using static MLNet.DenseNet.Engine.Tests.History.MadeUpHistory;

namespace MLNet.DenseNet.Engine.Tests.History;

/// <summary>Curves whose verdict is beyond doubt, with as much noise as real trainings have.</summary>
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

    /// <summary>A target that is always the same is predicted exactly from the beginning, and has no R-squared.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(10, false)]
    [InlineData(40, true)]
    public void Where_there_was_nothing_to_learn_the_verdict_says_so(int epochs, bool validates)
    {
        var verdict = Of(epochs, _ => 0, validates ? _ => 0 : null).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Contains("nothing to learn", verdict.Evidence[0], StringComparison.Ordinal);
        Assert.Empty(verdict.Remedies);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Where_only_the_training_rows_have_one_target_nothing_was_learned(int epochs)
    {
        var verdict = Of(epochs, _ => 0, _ => 87, changeEpoch: e => e with { ValidationObjectiveApart = 0 }).Verdict;
        Assert.Equal(TrainingFit.LearnedNothing, verdict.Fit);
        Assert.Equal("The target is the same in all training rows, so that there was nothing to learn, and another one in validation rows, whose loss is 87.", verdict.Evidence[0]);
    }

    /// <summary>By class weights, which decide, the loss rises; without them it falls.</summary>
    [Fact]
    public void Evidence_is_the_loss_that_decides_where_it_differs()
    {
        var verdict = Of(
            30, Falling(0.7, 0.05), Falling(0.63, 0.1), restored: 1, changeEpoch: e => e with { ObjectiveApart = Falling(0.7, 0.1)((e.Epoch - 1) / 29.0), ValidationObjectiveApart = 0.69 + 0.04 * (e.Epoch - 1) }).Verdict;
        Assert.Contains("The weights are those of epoch 1; later epochs, which do not count, were worse. From epoch 1 to the last, the validation loss that training goes by rose from 0.69 to 1.85.", verdict.Evidence);
    }

    /// <summary>The validation rows lack the rare class, which balanced weights make half of what counts.</summary>
    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void Rows_that_only_validation_tells_right_were_not_learned(int epochs, double noise, int seed)
    {
        var verdict = Of(epochs, _ => 0.7, _ => 0.1, _ => 0.5, _ => 0.99, noise: noise / 3, seed: seed, baseline: 0.5).Verdict;
        Assert.Equal(TrainingFit.LearnedNothing, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("as where they lack a rare class", StringComparison.Ordinal));
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

    /// <summary>Rows were learned by heart from the second epoch on; annealing, which went back to the first, did the same once more. Its losses are lower than the ones before it, and higher than those of its beginning.</summary>
    [Fact]
    public void Epochs_that_annealing_went_back_behind_do_not_count()
    {
        double[] training = [0.65, 0.4, 0.25, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.015, 0.012, 0.58, 0.36, 0.25, 0.18, 0.14];
        double[] validation = [0.646, 0.7, 0.8, 1, 1.3, 1.6, 1.9, 2.1, 2.3, 2.4, 2.5, 0.8, 1, 1.2, 1.3, 1.4];
        var verdict = Of(
            training.Length, t => training[IndexOf(t, training)], t => validation[IndexOf(t, validation)], t => 0.65 + 0.35 * t, _ => 0.65, baseline: 0.5, restored: 1, end: TrainingEnd.EarlyStopped,
            changeEpoch: e => e with { AnnealedFrom = e.Epoch == 12 ? 1 : null }).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("The weights are those of epoch 1; later epochs, which do not count, were worse. From epoch 1 to 11, the validation loss rose from 0.646 to 2.5.", StringComparison.Ordinal));
    }

    /// <summary>The rows were learned by heart after epoch 10, to which annealing went back: there the training loss is higher again.</summary>
    [Fact]
    public void A_training_loss_that_is_higher_after_going_back_does_not_diverge()
    {
        double[] training = [.. Enumerable.Range(1, 20).Select(epoch => epoch <= 10 ? 2 - 0.135 * epoch : 0.65 - 0.06 * (epoch - 10)), 0.64, 0.63, 0.62, 0.62, 0.62];
        double[] validation = [.. Enumerable.Range(1, 20).Select(epoch => epoch <= 10 ? 2.02 - 0.135 * epoch : 0.67 + 0.05 * (epoch - 10)), 0.66, 0.65, 0.64, 0.64, 0.64];
        var history = Of(
            training.Length, t => training[IndexOf(t, training)], t => validation[IndexOf(t, validation)], t => 1 - 0.9 / (1 + 24 * t), t => 1 - 0.92 / (1 + 24 * t), baseline: 0.1, restored: 25, end: TrainingEnd.EarlyStopped,
            changeEpoch: e => e with { AnnealedFrom = e.Epoch == 21 ? 10 : null });
        Assert.Equal(TrainingFit.FitsWell, history.Verdict.Fit);
        Assert.Equal(TrainingFit.Diverges, TrainingAssessment.Judge(history.Of(history.Select(e => e with { AnnealedFrom = null }))).Fit);
    }

    /// <summary>With as few epochs before it, and as few of its own, as can be; from a loss that falls or rises.</summary>
    [Fact]
    public void Wherever_annealing_begins_there_is_a_verdict()
    {
        foreach (var (loss, accuracy) in new (Func<double, double>, Func<double, double>)[] { (t => 1 - t / 2, t => t / 3), (t => 1 + t, _ => 0.1) })
        {
            for (var epochs = 3; epochs <= 8; epochs++)
            {
                for (var first = 2; first <= epochs; first++)
                {
                    for (var from = 1; from < first; from++)
                    {
                        foreach (var restored in (int?[])[null, 1, from, first, epochs])
                            Assert.NotEmpty(Of(epochs, loss, loss, accuracy, accuracy, baseline: 0.1, restored: restored, changeEpoch: e => e with { AnnealedFrom = e.Epoch == first ? from : null }).Verdict.Headline);
                    }
                }
            }
        }
    }

    private static int IndexOf(double time, double[] values) => (int)Math.Round(time * (values.Length - 1));

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

    /// <summary>Where the rate falls to 0, all curves end flat. What counts is how far a loss fell for the sum of the learning rates.</summary>
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
        Assert.Equal(TrainingFit.Underfits, Weighed(0.65, 0.63).Fit);
        Assert.Equal(TrainingFit.Overfits, Weighed(0.98, 0.7).Fit);
        Assert.Equal(TrainingFit.LearnedNothing, Weighed(0.98, 0.5).Fit);

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

    /// <summary>Held-out rows were known best early, and training rows ever better: a larger network is no help.</summary>
    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void Rows_learned_by_heart_after_the_model_that_was_kept_are_no_sign_of_too_small_a_network(int epochs, double noise, int seed)
    {
        var best = epochs / 5;
        Func<double, double> validation = t => t * (epochs - 1) <= best - 1 ? 0.68 - 0.08 * t * epochs / best : 0.62 + 0.2 * (t - best / (double)epochs);
        var verdict = Of(
            epochs, t => 0.67 - 0.25 * t, validation, t => 0.6 + 0.25 * t, t => 0.63, noise: noise / 4, seed: seed, baseline: 0.5, validationRows: 3000,
            end: TrainingEnd.EarlyStopped, restored: best).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("what is left may be noise", StringComparison.Ordinal));
        Assert.Contains(verdict.Evidence, e => e.StartsWith($"The weights are those of epoch {best}; later epochs, which do not count, were worse.", StringComparison.Ordinal));
    }

    /// <summary>Accuracies nearly the same where the weights were kept: that later epochs learned rows by heart does not make the model worse.</summary>
    [Fact]
    public void A_gap_of_a_point_or_two_in_the_kept_epoch_is_none()
    {
        var verdict = Of(
            40, Falling(0.7, 0.1, 3), t => t < 0.15 ? 0.69 - 0.6 * t : 0.6 + 0.5 * (t - 0.15), t => 0.66 + 0.3 * t, t => 0.66 + 0.004 * t, baseline: 0.5, validationRows: 2000,
            end: TrainingEnd.EarlyStopped, restored: 6).Verdict;
        Assert.Equal((TrainingFit.FitsWell, null), (verdict.Fit, verdict.SinceEpoch));
    }

    /// <summary>Both the accuracies and the losses tell, each by itself, whether training was ended early and the best epoch kept or not.</summary>
    [Theory]
    [InlineData(0.93, 0.86, 0.3, 0.35, 0.5, null)]
    [InlineData(0.93, 0.86, 0.3, 0.35, 0.5, 36)]
    [InlineData(0.870, 0.763, 0.4, 0.5, 0.5, 36)]
    [InlineData(0.998, 0.92, 0.02, 0.3, 0.1, null)]
    [InlineData(0.89, 0.87, 0.2, 0.45, 0.5, null)]
    public void A_gap_of_accuracy_or_of_loss_overfits(double accuracy, double validationAccuracy, double loss, double validationLoss, double baseline, int? restored)
    {
        var verdict = Of(
            40, Falling(0.8, loss, 10), Falling(0.8, validationLoss, 20), Falling(baseline, accuracy, 10), Falling(baseline, validationAccuracy, 20), noise: 0.002, baseline: baseline, validationRows: 1000,
            end: restored is null ? TrainingEnd.Completed : TrainingEnd.EarlyStopped, restored: restored).Verdict;
        Assert.Equal(accuracy < 0.99 ? TrainingFit.Overfits : TrainingFit.FitsWell, verdict.Fit);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(38)]
    public void A_validation_loss_that_more_than_doubled_overfits_whatever_the_accuracy_says(int? restored)
    {
        var verdict = Of(
            40, Falling(0.6, 0.02, 6), t => t < 0.3 ? 0.6 - t : 0.3 + 0.63 * (t - 0.3), Falling(0.6, 0.99, 8), Falling(0.6, 0.96, 12), noise: 0.005, baseline: 0.5, restored: restored).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.InRange(verdict.SinceEpoch!.Value, 10, 15);
    }

    /// <summary>The accuracy of a model that would get far better: nothing is learned by heart, and each epoch brought more than chance.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_few_epochs_that_each_brought_more_are_too_short(int epochs)
    {
        Func<double, double> loss = t => 0.66 - 0.2 * Math.Pow(t, 0.9);
        Assert.Equal(TrainingFit.TooShort, Of(epochs, t => loss(t) + 0.02, loss, t => 0.65 + 0.16 * t, t => 0.66 + 0.157 * t, baseline: 0.5, validationRows: 150).Verdict.Fit);
        Assert.Equal(TrainingFit.TooShort, Of(epochs, t => loss(t) + 0.02, t => loss(t) + 0.004 * Math.Cos(20 * t), t => 0.65 + 0.16 * t, t => 0.66 + 0.157 * t, baseline: 0.5, restored: epochs).Verdict.Fit);
    }

    /// <summary>As early stopping leaves it, which has seen the best epoch; losses that were measured.</summary>
    [Fact]
    public void A_few_epochs_whose_validation_loss_no_longer_falls_are_enough()
    {
        double[] training = [4005, 2743, 2610, 2418, 2331, 2286, 2195, 2112], validation = [3389, 3270, 3232, 3084, 3082, 3091, 3100, 3115];
        var verdict = Of(
            8, t => training[(int)Math.Round(7 * t)], t => validation[(int)Math.Round(7 * t)], rSquared: t => 1 - training[(int)Math.Round(7 * t)] / 5930, validationRSquared: t => 1 - validation[(int)Math.Round(7 * t)] / 5930,
            validationRows: 155, restored: 5, end: TrainingEnd.EarlyStopped).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
    }

    /// <summary>The training loss still falls, as what is learned by heart does.</summary>
    [Theory]
    [InlineData(0.00003, TrainingFit.Underfits)]
    [InlineData(0.02, TrainingFit.TooShort)]
    public void A_model_that_knows_little_is_no_better_for_next_to_nothing(double fall, TrainingFit expected) => Assert.Equal(
        expected, Of(40, t => 0.95 - 0.16 * t, t => 0.83 + 0.02 * Math.Exp(-10 * t) - fall * t, rSquared: t => 0.05 + 0.16 * t, validationRSquared: t => 0.181 - 0.02 * Math.Exp(-10 * t) + fall * t).Verdict.Fit);

    /// <summary>157 steps an epoch at a rate of 0.01: a weight decay of 0.1 halves what no gradient renews within 5 epochs, one of 0.01 within 45.</summary>
    [Theory]
    [InlineData(6, 0.1f, "AdamW", TrainingFit.Underfits)]
    [InlineData(40, 0.1f, "SGD, momentum 0.9", TrainingFit.Underfits)]
    [InlineData(40, 0.01f, "AdamW", TrainingFit.TooShort)]
    [InlineData(40, 0, "AdamW", TrainingFit.TooShort)]
    [InlineData(40, 0.1f, "Adam", TrainingFit.TooShort)]
    public void Where_steps_and_weight_decay_are_in_balance_a_small_fall_promises_no_more(int epochs, float decay, string optimizer, TrainingFit expected)
    {
        var verdict = Slow(0.1);
        Assert.Equal(expected, verdict.Fit);
        if (expected == TrainingFit.Underfits)
            Assert.Contains($"a smaller WeightDecay, {decay.ToString(CultureInfo.InvariantCulture)}.", verdict.ToString(), StringComparison.Ordinal);
        // A large one does.
        Assert.Equal(TrainingFit.TooShort, Slow(0.25).Fit);

        TrainingVerdict Slow(double fall) => Of(
            epochs, t => 0.7 - fall * t, t => 0.71 - fall * t, t => 0.8, t => 0.79, baseline: 0.5, change: s => s with { WeightDecay = decay, Optimizer = optimizer }).Verdict;
    }

    [Theory]
    [InlineData(0, TrainingFit.TooShort)]
    [InlineData(0.1f, TrainingFit.Underfits)]
    public void Nor_have_they_hardly_begun(float decay, TrainingFit expected) => Assert.Equal(
        expected, Of(6, t => 0.7, t => 0.7, t => 0.5, t => 0.5, baseline: 0.5, change: s => s with { WeightDecay = decay, Optimizer = "AdamW" }).Verdict.Fit);

    /// <summary>Training rows are measured with dropout and augmentation on: that they are known badly then is no sign that the network is too small.</summary>
    [Fact]
    public void Training_rows_that_were_made_harder_do_not_tell_what_the_model_knows_of_them()
    {
        Assert.Equal(TrainingFit.Underfits, Learned(0.74).Fit);
        foreach (var verdict in (TrainingVerdict[])[Learned(0.74, "Dropout 0.7"), Learned(0.74, change: s => s with { Augmentation = "rows with noise 0.5 and mixup 0.2" })])
        {
            Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
            Assert.Contains("The training rows were measured with dropout or augmentation on, which makes their numbers worse than the model is on them.", verdict.Evidence);
        }

        // What the validation rows say by themselves counts all the same.
        Assert.Equal(TrainingFit.Underfits, Learned(0.6, "Dropout 0.7").Fit);

        static TrainingVerdict Learned(double validation, string layer = "Standardization, limit 3", Func<TrainingSettings, TrainingSettings>? change = null) => Of(
            60, Falling(2.3, 1.6), Falling(2.2, 0.9), Falling(0.1, 0.1 + 0.35 * 0.9), Falling(0.1, 0.1 + validation * 0.9), baseline: 0.1, change: change, layers: layer).Verdict;
    }

    [Fact]
    public void Epochs_that_diverged_after_the_kept_one_are_a_remark()
    {
        Func<double, double> diverging = t => t < 0.5 ? Falling(2.3, 0.2, 20)(t) : 0.2 + 3 * (t - 0.5);
        Assert.Equal(TrainingFit.Diverges, Of(40, diverging, diverging, t => 0.95, t => 0.94, baseline: 0.1).Verdict.Fit);
        var kept = Of(40, diverging, diverging, t => 0.95, t => 0.94, baseline: 0.1, restored: 18).Verdict;
        Assert.Equal(TrainingFit.FitsWell, kept.Fit);
        Assert.Contains(kept.Evidence, e => e.StartsWith("The weights are those of epoch 18; later epochs, which do not count, diverged.", StringComparison.Ordinal));
    }

    /// <summary>Labels that no feature tells: rows are learned by heart, the held-out ones stay a guess.</summary>
    [Theory]
    [MemberData(nameof(LengthsAndNoise))]
    public void Where_held_out_rows_stay_a_guess_the_features_may_not_tell_the_label(int epochs, double noise, int seed)
    {
        foreach (var restored in (int?[])[null, 2])
        {
            var verdict = Of(
                epochs, t => 0.72 - 0.5 * t, t => 0.70 + 0.6 * t, t => 0.52 + 0.4 * t, t => 0.5 + 0.01 * Math.Sin(9 * t), noise: noise, seed: seed, baseline: 0.5, validationRows: 200, restored: restored,
                end: restored is null ? TrainingEnd.Completed : TrainingEnd.EarlyStopped).Verdict;
            Assert.Contains(verdict.Fit, (TrainingFit[])[TrainingFit.LearnedNothing, TrainingFit.Underfits]);
            Assert.Contains("the features may not tell the label", verdict.Evidence[0], StringComparison.Ordinal);
            Assert.StartsWith("More telling features", verdict.Remedies[0], StringComparison.Ordinal);
        }
    }

    /// <summary>It is better on its own rows and still gets better on others.</summary>
    [Fact]
    public void Where_the_last_epoch_is_the_best_more_of_them_help_against_overfitting_too()
    {
        Assert.StartsWith("More epochs than 60: the validation loss was at its lowest in the last one.", Overfitting(Falling(2.9, 1, 4)).Remedies[0], StringComparison.Ordinal);
        var risen = Overfitting(t => Falling(2.9, 1)(t) + 0.05 * t);
        Assert.StartsWith("More data", risen.Remedies[0], StringComparison.Ordinal);
        Assert.Contains(risen.Remedies, remedy => remedy.StartsWith("Augmentation = new TableAugmentation", StringComparison.Ordinal));

        static TrainingVerdict Overfitting(Func<double, double> validation) => Of(60, Falling(2.9, 0.1), validation, Falling(0.1, 0.99), Falling(0.1, 0.8), baseline: 0.05).Verdict;
    }

    /// <summary>Rows that an ensemble leaves out are predicted by one of its networks each.</summary>
    [Fact]
    public void What_one_network_does_not_tell_several_may()
    {
        var history = Of(50, t => 0.69, t => 0.7, t => 0.52, t => 0.5, baseline: 0.5);
        Assert.DoesNotContain(history.Verdict.Evidence, OfOne);
        var ofFolds = new TrainingHistory([.. history], history.End, null, history.Settings, history.Network, history.BaselineAccuracy) { HeldOut = new HeldOutPart(0.125f, HoldOutUnit.Rows, AreFolds: true) };
        Assert.Contains(ofFolds.Verdict.Evidence, OfOne);

        static bool OfOne(string evidence) => evidence.StartsWith("Each of them was predicted by one network alone", StringComparison.Ordinal);
    }

    [Fact]
    public void Few_held_out_rows_are_told()
    {
        Assert.Contains(History(12, null).Verdict.Evidence, e => e == "Only 12 rows are held out, so that the validation numbers are uncertain.");
        Assert.Equal("Only 1 row is held out, so that the validation numbers are uncertain, and they flatter: the epoch whose weights are kept was chosen by them.", History(1, 20).ValidationCaveat);
        Assert.Contains(History(49, 20).ValidationCaveat!, History(49, 20).Verdict.Evidence);
        Assert.Null(History(50, 20).ValidationCaveat);
        Assert.Null(Of(5, t => 1 - t).ValidationCaveat);

        static TrainingHistory History(int rows, int? restored) => Of(40, Falling(2.3, 0.2), Falling(2.3, 0.25), Falling(0.1, 0.95), Falling(0.1, 0.93), baseline: 0.1, validationRows: rows, restored: restored);
    }

    /// <summary>Whatever a file says, there is a verdict.</summary>
    [Fact]
    public void Any_history_is_judged()
    {
        double[] values = [0, -1, 1, 1e-300, 1e300, double.MaxValue, double.MinValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        float[] rates = [0, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon];
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var (epochs, restored) = (random.Next(1, 25), random.Next(3) == 0 ? random.Next(-2, 40) : (int?)null);
            Func<double, double> Curve() => random.Next(3) == 0 ? _ => Any(values) : random.Next(2) == 0 ? _ => random.NextDouble() : Falling(2, random.NextDouble());
            Func<double, double>? Maybe() => random.Next(4) == 0 ? null : Curve();
            var verdict = Of(
                epochs, Curve(), Maybe(), Maybe(), Maybe(), Maybe(), Maybe(), baseline: random.Next(2) == 0 ? null : Any(values), validationRows: random.Next(-1, 3), restored: restored,
                end: (TrainingEnd)random.Next(4), learningRate: random.Next(2) == 0 ? null : _ => Any(rates)).Verdict;
            Assert.NotEmpty(verdict.ToString());
        }

        Assert.Equal(TrainingFit.FitsWell, Of(100_000, Falling(2.3, 0.2), Falling(2.3, 0.25), Falling(0.1, 0.95), Falling(0.1, 0.93), noise: 0.01, baseline: 0.1).Verdict.Fit);

        T Any<T>(T[] of) => of[random.Next(of.Length)];
    }

    /// <summary>Where the rates are impossible numbers, epochs are counted instead of their sum.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_rate_that_cannot_be_counts_as_constant(float rate)
    {
        Assert.Equal(TrainingFit.FitsWell, Of(50, Falling(2.3, 0.25), Falling(2.2, 0.28), t => 1 - Falling(0.9, 0.1)(t), t => 1 - Falling(0.9, 0.12)(t), baseline: 0.1, learningRate: _ => rate).Verdict.Fit);
        Assert.Equal(TrainingFit.TooShort, Of(50, t => 2 - 1.2 * t, t => 2.1 - 1.2 * t, t => 0.3 + 0.4 * t, t => 0.28 + 0.4 * t, baseline: 0.1, learningRate: _ => rate).Verdict.Fit);
    }

    /// <summary>The loss that training minimizes decides, and not the one in the targets' own unit.</summary>
    [Fact]
    public void It_goes_by_the_loss_that_decides()
    {
        var history = Of(
            60, Falling(100, 10), t => 50 + 40 * t, rSquared: Falling(0, 0.9), validationRSquared: Falling(0, 0.88),
            changeEpoch: e => e with { ObjectiveApart = Falling(1, 0.1)((e.Epoch - 1) / 59.0), ValidationObjectiveApart = Falling(1, 0.12)((e.Epoch - 1) / 59.0) });
        Assert.Equal(TrainingFit.FitsWell, history.Verdict.Fit);
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
        Assert.Equal(TrainingFit.LearnedNothing, Regression(0.99, -2).Fit);

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
        Assert.Contains(verdict.Evidence, e => e.StartsWith("The weights are those of epoch 20; later epochs, which do not count, were worse. From epoch 20 to the last, the validation loss rose", StringComparison.Ordinal));
        // A gap at the epoch that was kept is one all the same, and early stopping no remedy.
        verdict = Of(
            50, Falling(2.3, 0.05), FallsThenRises, t => 1 - Falling(0.9, 0.01)(t), t => 1 - Falling(0.9, 0.4)(t), baseline: 0.1, end: TrainingEnd.EarlyStopped, restored: 20).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.True(verdict.SinceEpoch < 20);
        Assert.DoesNotContain(verdict.Remedies, r => r.StartsWith("Early", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_finite_after_the_kept_epoch_is_a_remark()
    {
        var verdict = Of(20, Falling(1, 0.1), Falling(1, 0.1), rSquared: Falling(0, 0.9), validationRSquared: Falling(0, 0.9), restored: 18, changeEpoch: e => e.Epoch == 20 ? e with { ValidationLoss = double.NaN } : e).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Equal("The validation loss of epoch 20 is not finite, and does not count.", verdict.Evidence[^1]);
    }

    [Theory]
    [InlineData(1, 1, null, "Fits well", "The validation loss of epoch 1 is not finite, and does not count.")]
    [InlineData(5, 7, 30, "Fits well", "The validation loss of epoch 5 and of 2 others is not finite, and does not count.")]
    [InlineData(3, 30, 2, "Cannot be told since epoch 3", "The validation loss of epoch 3 is not finite, while the training loss is ")]
    [InlineData(30, 30, null, "Cannot be told since epoch 30", "The validation loss of epoch 30 is not finite, while the training loss is ")]
    public void Epochs_that_are_measured_tell_of_a_model_that_is(int from, int to, int? restored, string headline, string evidence)
    {
        var verdict = Of(30, Falling(1, 0.1), Falling(1, 0.1), rSquared: Falling(0, 0.95), validationRSquared: Falling(0, 0.95), restored: restored, changeEpoch: e => e.Epoch >= from && e.Epoch <= to ? e with { ValidationLoss = double.PositiveInfinity } : e).Verdict;
        Assert.Equal(headline, verdict.Headline);
        Assert.StartsWith(evidence, verdict.Evidence[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_loss_that_is_not_finite_is_no_divergence_of_the_training()
    {
        var verdict = Of(20, Falling(1, 0.1), _ => double.PositiveInfinity).Verdict;
        Assert.Equal("Cannot be told since epoch 1", verdict.Headline);
        Assert.Equal("The validation loss of epoch 1 is not finite, while the training loss is 1: features of a validation row may lie far outside of those that it learned from.", Assert.Single(verdict.Evidence));
        Assert.StartsWith("Validation rows like those", Assert.Single(verdict.Remedies), StringComparison.Ordinal);
    }

    /// <summary>Single epochs may be above those before by noise alone.</summary>
    [Fact]
    public void Evidence_of_too_few_epochs_never_says_that_the_loss_rose()
    {
        var found = 0;
        for (var seed = 1; seed <= 400; seed++)
        {
            var verdict = Of(100, t => 1 / (1 + 2 * t), t => 1 / (1 + 2 * t), noise: 0.04, seed: seed).Verdict;
            if (verdict.Fit != TrainingFit.TooShort)
                continue;
            Assert.DoesNotContain("rose", string.Join(' ', verdict.Evidence), StringComparison.Ordinal);
            found += verdict.Evidence.Any(sentence => sentence.Contains("the mean of the validation loss over neighboring epochs fell", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.InRange(found, 1, 100);
    }

    [Fact]
    public void A_loss_that_stays_the_same_neither_rises_nor_falls() =>
        Assert.Contains("the training loss stayed at 0.6931", $"{Of(30, _ => 0.69314, _ => 0.69314, _ => 0.5, _ => 0.5, baseline: 0.5).Verdict}", StringComparison.Ordinal);

    /// <summary>The loss on validation rows has no class weights in it.</summary>
    [Fact]
    public void With_class_weights_evidence_compares_what_can_be_compared() => Assert.Contains(
        "The loss that training goes by is 0.1 on the training rows and 0.15 on the validation rows.",
        Of(30, Falling(1, 0.1, rate: 40), Falling(1, 0.2, rate: 40), Falling(0.5, 0.97, 40), Falling(0.5, 0.96, 40), baseline: 0.5, changeEpoch: e => e with { ValidationObjectiveApart = 0.15, ClassWeightedAccuracy = e.Accuracy, ValidationClassWeightedAccuracy = e.ValidationAccuracy }).Verdict.Evidence);

    [Fact]
    public void Metrics_near_1_can_be_told_apart() => Assert.Contains(
        "The accuracy is 0.9998 on the training rows and 0.9997 on the validation rows; always guessing the commonest class reaches 0.9996",
        $"{Of(30, _ => 0.1, _ => 0.1, _ => 0.9998, _ => 0.9997, baseline: 0.9996).Verdict}", StringComparison.Ordinal);

    [Fact]
    public void A_validation_loss_that_is_always_the_same_was_not_lowest_in_the_last_epoch()
    {
        var verdict = Of(40, Falling(1, 0.01), _ => 0.8).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.DoesNotContain(verdict.Remedies, remedy => remedy.StartsWith("More epochs", StringComparison.Ordinal));
    }

    [Fact]
    public void The_largest_rate_of_dropout_counts() => Assert.Equal(
        0.5f, NamedLayers.DropoutRate(Of(5, t => 1 - t, layers: "Residual [Dense 8, Dropout 0.1, Dense 8, Dropout 0.5]")));

    [Fact]
    public void A_loss_that_is_not_finite_diverges_in_its_epoch() =>
        Assert.Equal((TrainingFit.Diverges, 6), (Of(11, t => t < 0.5 ? 1 : double.PositiveInfinity, _ => 1).Verdict.Fit, Of(11, t => t < 0.5 ? 1 : double.NaN, _ => 1).Verdict.SinceEpoch!.Value));

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
        var convolutional = Of(50, Falling(2.3, 0.05), FallsThenRises, layers: ["Convolution 8, kernel 3, ReLU"]).Verdict.Remedies;
        Assert.Contains("A smaller network: fewer units or layers in Layers; it has 5 parameters.", convolutional);
        Assert.Contains("Dropout: DropoutLayer objects in Layers, of rates 0.2f to 0.5f.", convolutional);
        Assert.Contains("More dropout: larger rates than 0.25, up to 0.5f.", Of(50, Falling(2.3, 0.05), FallsThenRises, layers: ["Bidirectional [LSTM 64, all steps, dropout 0.25]"]).Verdict.Remedies);
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
