namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>The sizes of a product, and matrices of them.</summary>
/// <param name="Rows">Of the left matrix and the result.</param>
/// <param name="Inner">The length of the sums.</param>
/// <param name="Columns">Of the right matrix and the result.</param>
public readonly record struct ProductShape(int Rows, int Inner, int Columns)
{
    private static readonly float[] Numbers = Samples.Numbers(1 << 21, seed: 1);

    /// <summary>(rows x inner), uniform over [-1, 1). All matrices are views of one array, so nobody may change them.</summary>
    public ReadOnlyMemory<float> Left => Numbers.AsMemory(Rows, Rows * Inner);

    /// <summary>(inner x columns).</summary>
    public ReadOnlyMemory<float> Right => Numbers.AsMemory(1000 + Columns, Inner * Columns);

    /// <summary>(columns).</summary>
    public ReadOnlyMemory<float> Bias => Numbers.AsMemory(Inner, Columns);

    public override string ToString() => $"{Rows} x {Inner} x {Columns}";
}
