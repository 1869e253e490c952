namespace MLNet.DenseNet.Benchmarks;

/// <summary>The sizes of a dense layer on a batch.</summary>
/// <param name="Batch">Rows of the batch.</param>
/// <param name="Inputs">Inputs of the layer.</param>
/// <param name="Units">Units of the layer.</param>
internal readonly record struct LayerSize(int Batch, int Inputs, int Units)
{
    /// <summary>Those of one of its products, 2 for each multiply-add.</summary>
    public double Operations => 2.0 * Batch * Inputs * Units;

    public override string ToString() => FormattableString.Invariant($"{Batch} x {Inputs} x {Units}");
}
