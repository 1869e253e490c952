namespace MLNet.DenseNet.Engine;

/// <summary>Which part of its rows a training held out. Of the same rows, with the same seed, trainings hold out the same ones where this is the same.</summary>
/// <param name="Fraction">The share that was asked for, in [0, 1); 0 where all were learned from, whatever was measured with.</param>
/// <param name="Unit">What was dealt.</param>
/// <param name="AreFolds">Whether each member of an ensemble left out rows of its own, so that all were learned from by others.</param>
internal readonly record struct HeldOutPart(float Fraction, HoldOutUnit Unit, bool AreFolds)
{
    /// <summary>All rows of a training, those held out included.</summary>
    public long RowsOf(TrainingSettings settings) => settings.TrainingRows + (Fraction > 0 && !AreFolds ? (long)settings.ValidationRows : 0);
}
