namespace MLNet.DenseNet.Engine;

/// <summary>
/// Judges the model that a training kept, from the curves; what other epochs came to is a remark. The bounds are what a person would call a clear sign. They are relative, since losses have any scale.
/// Smoothed curves are judged; the numbers in the evidence are those of the epochs. Whatever a history holds, there is a verdict.
/// </summary>
internal sealed class TrainingAssessment
{
    /// <summary>The share of what there is to learn below which nothing was learned.</summary>
    public const double LearnedNothing = 0.1;

    /// <summary>The share below which a model knows little.</summary>
    public const double LearnedLittle = 0.5;

    /// <summary>The share from which on it knows enough, whatever the losses say.</summary>
    public const double LearnedMost = 0.9;

    /// <summary>The largest weight decay that is a default: a larger one holds back.</summary>
    public const float MostUsualDecay = 0.3f;

    /// <summary>Curves of fewer epochs tell nothing.</summary>
    public const int LeastEpochs = 3;

    // Below this share the model knows too little, if the losses of both sets are about the same, so that it has not begun to learn rows by heart.
    private const double LearnedPart = 0.75;

    // So many weights bend to nearly any function of some features.
    private const int ManyWeights = 1000;

    // A training diverges where its loss rises by this share of what it had fallen, and by this share of its smallest value.
    private const double DivergingShare = 0.25;
    private const double ClearRise = 0.1;

    private readonly TrainingHistory _history;

    // What curves and the numbers of epochs in them go by, from 0.
    private readonly TrainingHistory _course;
    private readonly LearnedShare? _learned;
    private readonly LossCurves _losses;
    private readonly LateProgress _progress;
    private readonly int _kept;
    private readonly int _last;
    private readonly bool _isGuess;
    private readonly bool _isTrainingHarder;

    private TrainingAssessment(TrainingHistory history)
    {
        _history = history;
        _course = TrainingCourse.ToModel(history);
        _learned = LearnedShare.Of(_course);
        _losses = new LossCurves(_course, _learned);
        _progress = new LateProgress(TrainingCourse.BeforeAnnealing(history));
        (_kept, _last) = (_losses.Kept, _course.Count - 1);
        _isGuess = _learned?.IsGuess(_kept) == true;
        _isTrainingHarder = history.Settings.Augmentation is not null || NamedLayers.DropoutRate(history) > 0;
    }

    public static TrainingVerdict Judge(TrainingHistory history)
    {
        if (history.FirstOrDefault(e => !IsFinite(e)) is { } burst)
            return OfFiniteEpochs(history, burst);
        if (history.Count > 0 && history.All(e => e.Objective == 0 && (e.ValidationObjective ?? 0) == 0))
            return Verdict(history, history[^1].ValidationLoss > history[^1].Loss ? OfSameTargets(history[^1]) : (TrainingFit.FitsWell, null, ["The loss is 0 from the first epoch on: there was nothing to learn, as where the target is the same in all rows."]));
        if (history.Count < LeastEpochs)
            return Verdict(history, (TrainingFit.TooShort, null, [FormattableString.Invariant($"Curves of {history.Count} epoch{(history.Count == 1 ? "" : "s")} tell nothing; at least {LeastEpochs} are needed.")]));
        var assessment = new TrainingAssessment(history);
        return Verdict(history, assessment.Judge(), assessment.MayTellNothing);
    }

    private static bool IsFinite(EpochSummary epoch) => double.IsFinite(epoch.Objective) && double.IsFinite(epoch.ValidationObjective ?? 0);

    private static (TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence) OfBurst(EpochSummary burst) => !double.IsFinite(burst.Objective)
        ? (TrainingFit.Diverges, burst.Epoch, [FormattableString.Invariant($"The loss of epoch {burst.Epoch} is not finite.")])
        : (TrainingFit.Unknown, burst.Epoch, [FormattableString.Invariant($"The validation loss of epoch {burst.Epoch} is not finite, while the training loss is {burst.Loss:G4}: features of a validation row may lie far outside of those that it learned from.")]);

    /// <summary>Judges the model that was kept by the other epochs, where it can be measured and these are enough to tell anything.</summary>
    private static TrainingVerdict OfFiniteEpochs(TrainingHistory history, EpochSummary burst)
    {
        EpochSummary[] finite = [.. history.Where(IsFinite)];
        var kept = history.RestoredEpoch ?? history.Count;
        if (finite.Length < LeastEpochs || finite.All(epoch => epoch.Epoch != kept) || history.Any(epoch => epoch.Epoch <= kept && !double.IsFinite(epoch.Objective)))
            return Verdict(history, OfBurst(burst));
        var verdict = Judge(history.Of(finite));
        var others = history.Count - finite.Length - 1;
        var which = others == 0 ? "" : FormattableString.Invariant($" and of {others} other{(others == 1 ? "" : "s")}");
        return verdict with { Evidence = [.. verdict.Evidence, FormattableString.Invariant($"The {(double.IsFinite(burst.Objective) ? "validation loss" : "loss")} of epoch {burst.Epoch}{which} is not finite, and does not count.")] };
    }

    private static (TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence) OfSameTargets(EpochSummary last) => (TrainingFit.LearnedNothing, null, [FormattableString.Invariant(
        $"The target is the same in all training rows, so that there was nothing to learn, and another one in validation rows, whose loss is {last.ValidationLoss:G4}.")]);

    private static TrainingVerdict Verdict(TrainingHistory history, (TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence) judged, bool mayTellNothing = false) => new(
        judged.Fit, judged.SinceEpoch, history.ValidationCaveat is { } caveat ? [.. judged.Evidence, caveat] : judged.Evidence, Remedies.For(judged.Fit, history, mayTellNothing));

    private (TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence) Judge()
    {
        if (IsDiverging(_kept))
        {
            var lowest = _losses.Training.LowestUpTo(_kept);
            return (TrainingFit.Diverges, NumberOf(lowest), [TrainingChange(lowest, _kept)]);
        }

        var hasGap = HasGap(_kept);
        if (_losses.HasRisen(_kept) && !_isGuess)
        {
            var best = _losses.Validation!.LowestUpTo(_kept);
            return (TrainingFit.Overfits, NumberOf(best), [.. Metric, ValidationChange(best, _kept), TrainingChange(best, _kept), .. Remarks]);
        }

        // A guess improves too, up to the best guess. Where early stopping has seen that end, training was long enough.
        if (!(_isGuess && _history.End == TrainingEnd.EarlyStopped) && (_progress.IsUnfinished(_learned?.Generalized(_kept), hasGap) || HasHardlyBegun))
            return (TrainingFit.TooShort, null, [.. Remarks, LateChange, .. Metric]);

        // Where not even the training rows were learned, the features need not be to blame: the network or its steps may be.
        if (IsWrecked || _isGuess && !HasLearnedRows && _losses.AreTogether && !_losses.WentOn)
            return (TrainingFit.Underfits, null, [.. Remarks, TrainingChange(0, _last), .. Metric]);
        if (_isGuess)
            return (TrainingFit.LearnedNothing, null, [.. Remarks, .. Metric]);
        if (IsToldByValidationAlone)
            return (TrainingFit.LearnedNothing, null, [.. Metric, "The training rows themselves are told no better than by a guess, in no epoch: the validation rows are easier ones, as where they lack a rare class.", .. Remarks]);
        if (hasGap)
        {
            var since = FirstOfGap();
            return (TrainingFit.Overfits, since, [.. Metric, Losses, FormattableString.Invariant($"It has been ahead on the training rows by more than chance since epoch {since}."), .. Remarks]);
        }

        var isAtItsEnd = KnowsLittle && _losses.AreTogether && !_losses.WentOn;
        if (isAtItsEnd && !HasWeightsEnough)
            return (TrainingFit.Underfits, null, [.. Remarks, TrainingChange(0, _last), .. Metric]);
        if (_losses.Validation is null)
            return (TrainingFit.Unknown, null, [TrainingChange(0, _last), .. Metric]);
        string[] rest = !KnowsLittle ? []
            : [$"It knows little, {(isAtItsEnd ? "of other rows and of its own alike, and has weights enough to know more" : "and yet began to learn rows by heart")}: what is left may be noise, or in features that are not there."];
        return (TrainingFit.FitsWell, null, [.. Metric, Losses, .. rest, .. Remarks]);
    }

    /// <summary>Whether the steps led nowhere: to something worse than a guess, or to a guess after a loss far above it.</summary>
    private bool IsWrecked => _learned?.IsWrecked(_kept) == true || _isGuess && !HasLearnedRows && _losses.HasBurst;

    /// <summary>Whether the features may not tell the label: the validation rows are predicted no better than by a guess, and the steps are not to blame.</summary>
    private bool MayTellNothing => _isGuess && !IsWrecked;

    private bool HasLearnedRows => _learned!.Training(_kept) >= LearnedNothing;

    // Training rows are measured while they are learned, and so a little worse than the validation rows after it; not by so much in all epochs.
    private bool IsToldByValidationAlone => _learned is not null && !_isTrainingHarder && _learned.Generalized(_kept) >= LearnedLittle && Enumerable.Range(0, _last + 1).All(epoch => _learned.Training(epoch) < LearnedNothing);

    private bool HasHardlyBegun => _isGuess && !HasLearnedRows && _history.Count < LateProgress.FewEpochs && !_progress.IsInBalance;

    // Dropout and augmentation make training rows harder. Then these do not show how much the model knows: the validation rows must show that it is little, by more than chance explains.
    private bool KnowsLittle => _learned is null
        ? !_losses.Training.IsClear(_losses.Training.First - _losses.Training[_kept])
        : _learned.Best(_kept) < (_losses.Validation is null ? LearnedLittle : LearnedPart) && !(_isTrainingHarder && _learned.MayGeneralize(_kept) >= LearnedPart);

    // A network with a hidden layer that nothing holds back could bend to what it does not know yet, were it in the features.
    private bool HasWeightsEnough => !_isTrainingHarder && _history.Settings.WeightDecay <= MostUsualDecay && NamedLayers.HasHiddenLayer(_history) && NamedLayers.WeightsOfOne(_history) >= ManyWeights;

    private bool IsDiverging(int epoch)
    {
        var training = _losses.Training;
        var best = training[training.BestUpTo(epoch)];
        var lost = training[epoch] - best;
        return training.IsClear(lost) && lost > DivergingShare * (training.First - best) && lost > ClearRise * Math.Abs(best);
    }

    /// <summary>Whether the model does better on its training rows, by metric or loss.</summary>
    private bool HasGap(int epoch) => _learned?.HasGap(epoch) == true || _losses.HasGap(epoch) && !(_learned?.Generalized(epoch) >= LearnedMost);

    /// <summary>The epoch, from 1, since which there has been a gap.</summary>
    private int FirstOfGap()
    {
        var first = _kept;
        while (first > 0 && HasGap(first - 1))
            first--;
        return NumberOf(first);
    }

    private IEnumerable<string> Metric => _learned is null ? [] : [_learned.Describe(_kept)];

    private string Losses
    {
        get
        {
            var kept = _course[_kept];
            // With class weights, the training loss alone has them in it.
            var (what, training, validation) = kept.ClassWeightedAccuracy is null && Agree(kept.Loss, kept.ValidationLoss, kept.Objective, kept.ValidationObjective)
                ? ("loss", kept.Loss, kept.ValidationLoss) : ("loss that training goes by", kept.Objective, kept.ValidationObjective);
            return FormattableString.Invariant($"The {what} is {training:G4} on the training rows and {validation:G4} on the validation rows.");
        }
    }

    /// <summary>What to know beside the verdict: that nothing generalizes, that training rows were made harder, and what came after the epoch that was kept.</summary>
    private IEnumerable<string> Remarks
    {
        get
        {
            if (MayTellNothing)
            {
                yield return "The validation rows are predicted no better than by a guess: the features may not tell the label.";
                if (_history.HeldOut is { AreFolds: true })
                    yield return "Each of them was predicted by one network alone, the one that left it out: all together may tell more.";
            }

            if (_isTrainingHarder)
                yield return "The training rows were measured with dropout or augmentation on, which makes their numbers worse than the model is on them.";
            if (_kept == _last)
                yield break;
            if (IsDiverging(_last))
                yield return $"The weights are those of epoch {NumberOf(_kept)}; later epochs, which do not count, diverged. {TrainingChange(_kept, _last)}";
            else if (_losses.HasRisen(_last))
                yield return $"The weights are those of epoch {NumberOf(_kept)}; later epochs, which do not count, were worse. {ValidationChange(_kept, _last)}";
        }
    }

    /// <summary>The number of an epoch of the course, from 1.</summary>
    private int NumberOf(int index) => _course[index].Epoch;

    /// <summary>In numbers of the epochs, or where their noise hides what is judged, in means of several.</summary>
    private string LateChange
    {
        get
        {
            var (isOfTraining, from, to) = (_losses.Validation is null, _progress.From, _progress.To);
            var hasFallen = isOfTraining ? from.Objective > to.Objective : from.ValidationObjective > to.ValidationObjective;
            if (hasFallen || _progress.JudgedTo >= _progress.JudgedFrom)
                return isOfTraining ? TrainingChange(from, to) : ValidationChange(from, to);
            return FormattableString.Invariant($"From epoch {from.Epoch} to {EndOf(to)}, the mean of the {(isOfTraining ? "training" : "validation")} loss over neighboring epochs fell from {_progress.JudgedFrom:G4} to {_progress.JudgedTo:G4}.");
        }
    }

    private string TrainingChange(int from, int to) => TrainingChange(_course[from], _course[to]);

    private string ValidationChange(int from, int to) => ValidationChange(_course[from], _course[to]);

    private string TrainingChange(EpochSummary from, EpochSummary to) => Change("training loss", from, to, epoch => (epoch.Loss, epoch.Objective));

    private string ValidationChange(EpochSummary from, EpochSummary to) => Change("validation loss", from, to, epoch => (epoch.ValidationLoss ?? double.NaN, epoch.ValidationObjective ?? double.NaN));

    /// <summary>Whether losses differ in the direction in which those differ that are judged. Class weights, and outputs of different units, may turn it round.</summary>
    private static bool Agree(double? loss, double? other, double? judged, double? otherJudged) => loss > other == judged > otherJudged;

    private string Change(string what, EpochSummary from, EpochSummary to, Func<EpochSummary, (double Loss, double Objective)> of)
    {
        var ((before, decidedBefore), (after, decidedAfter)) = (of(from), of(to));
        if (!Agree(before, after, decidedBefore, decidedAfter))
            (what, before, after) = ($"{what} that training goes by", decidedBefore, decidedAfter);
        var (first, last) = (FormattableString.Invariant($"{before:G4}"), FormattableString.Invariant($"{after:G4}"));
        var change = first == last ? $"stayed at {first}" : $"{(after > before ? "rose" : "fell")} from {first} to {last}";
        return FormattableString.Invariant($"From epoch {from.Epoch} to {EndOf(to)}, the {what} {change}.");
    }

    private string EndOf(EpochSummary epoch) => epoch.Epoch == _history[^1].Epoch ? "the last" : FormattableString.Invariant($"{epoch.Epoch}");
}
