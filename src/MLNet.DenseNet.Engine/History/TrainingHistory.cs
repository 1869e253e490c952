using System.Collections;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How a training went: a row for each complete epoch, in order, and how it ended.</summary>
public sealed class TrainingHistory : IReadOnlyList<EpochSummary>
{
    // With fewer held-out rows validation losses were too low by about 0.09 (5 to 14 rows), with as many by 0.02: the best epoch is chosen by the same rows.
    private const int EnoughValidationRows = 50;

    private readonly IReadOnlyList<EpochSummary> _epochs;

    internal TrainingHistory(
        IReadOnlyList<EpochSummary> epochs, TrainingEnd end, int? restoredEpoch, TrainingSettings settings, NetworkSummary? network = null, double? baselineAccuracy = null,
        IReadOnlyList<LayerWeights>? weights = null)
    {
        _epochs = epochs;
        End = end;
        RestoredEpoch = restoredEpoch;
        Settings = settings;
        Network = network;
        BaselineAccuracy = baselineAccuracy;
        Weights = weights ?? [];
        HoldOutSeed = settings.Seed;
    }

    /// <summary>Why training ended.</summary>
    public TrainingEnd End { get; }

    /// <summary>The epoch, from 1, whose weights were put back at the end because it was the best; null where the weights are those of the latest step.</summary>
    public int? RestoredEpoch { get; }

    /// <summary>What training was run with.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>How many epochs had been learned before in the trainings that this one went on from; 0 for one that began anew, and for histories saved by versions before it was kept.</summary>
    public int EpochsBefore { get; internal init; }

    /// <summary>The network that was trained; null for histories saved by versions before it was kept.</summary>
    public NetworkSummary? Network { get; }

    /// <summary>The share of the training rows that are of the commonest class, rows by their example and class weights: the accuracy of a guess without features, <see cref="EpochSummary.ClassWeightedAccuracy"/> where classes are weighed. Null in a regression, and likewise.</summary>
    public double? BaselineAccuracy { get; }

    /// <summary>How the weights of each layer that has some are distributed before and after; empty without <see cref="TrainingOptions.RecordDiagnostics"/>.</summary>
    public IReadOnlyList<LayerWeights> Weights { get; }

    /// <summary>What the curves say: whether the model fits well, overfits, underfits, diverges or was trained too short, with the evidence and what to do about it.</summary>
    public TrainingVerdict Verdict => field ??= TrainingAssessment.Judge(this);

    /// <summary>
    /// What to keep in mind with the validation numbers where fewer than 50 rows are held out, in a sentence: they are uncertain, and they flatter where the epoch whose weights are kept was chosen
    /// by the same rows. Null where there are enough of them, or none.
    /// </summary>
    public string? ValidationCaveat => Settings.ValidationRows is 0 or >= EnoughValidationRows ? null : FormattableString.Invariant(
        $"Only {Settings.ValidationRows} row{(Settings.ValidationRows == 1 ? " is" : "s are")} held out, so that the validation numbers are uncertain{(RestoredEpoch is null ? "" : ", and they flatter: the epoch whose weights are kept was chosen by them")}.");

    /// <summary>The number of complete epochs.</summary>
    public int Count => _epochs.Count;

    /// <summary>An epoch.</summary>
    /// <param name="index">From 0.</param>
    public EpochSummary this[int index] => _epochs[index];

    /// <summary>How many steps had been taken in the trainings that this one went on from.</summary>
    internal long StepsBefore { get; init; }

    /// <summary>What determined which rows were held out: the seed of the first of the trainings that went on from each other.</summary>
    internal int HoldOutSeed { get; init; }

    /// <summary>The epochs begun in this training and those before it.</summary>
    internal int EpochsBegun => (int)Math.Min(int.MaxValue, (long)EpochsBefore + EpochsBegunHere);

    /// <summary>The steps taken in this training and those before it; of an epoch that was cancelled all of them.</summary>
    internal long StepsBegun => (StepsBefore + EpochsBegunHere * StepsPerEpoch) & long.MaxValue;

    internal long StepsPerEpoch => ((long)Settings.TrainingRows + BatchSize - 1) / BatchSize;

    private int BatchSize => Math.Max(1, Settings.BatchSize);

    private long EpochsBegunHere => Count + (End == TrainingEnd.Canceled ? 1 : 0);

    /// <summary>How training went in a line, such as "EarlyStopped after 34 of 200 epochs, with the weights of epoch 24: loss 0.01234, validation loss 0.05678".</summary>
    public override string ToString()
    {
        var kept = Count == 0 ? null : this[(RestoredEpoch ?? Count) - 1];
        return FormattableString.Invariant(
            $"{End} after {Count} of {Settings.NumberOfEpochs} epochs{(RestoredEpoch is { } epoch ? $", with the weights of epoch {epoch}" : "")}{(kept is null ? "" : FormattableString.Invariant($": loss {kept.Loss:G4}"))}{(kept?.ValidationLoss is { } loss ? FormattableString.Invariant($", validation loss {loss:G4}") : "")}");
    }

    /// <inheritdoc/>
    public IEnumerator<EpochSummary> GetEnumerator() => _epochs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
