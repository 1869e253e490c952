namespace MLNet.DenseNet.Data;

/// <summary>Stands in for labels where the features are learned: their targets are made when all rows have been read.</summary>
internal sealed class NoLabelReader : LabelReader
{
    /// <summary>Every row has a number, as long as it has no targets.</summary>
    public const int Targets = 1;

    public override bool TryRead(long number) => true;

    public override void AddTo(RowBuffer rows) => rows.Targets.Add(Targets)[0] = 0;
}
