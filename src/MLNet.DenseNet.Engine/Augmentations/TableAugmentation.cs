using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>Rows of a table with noise, and mixed with one another. Both are off by default; at least one has to be on.</summary>
/// <remarks>
/// Mixup makes of a row and another one of its batch s * row + (1 - s) * other, with one share s for features, targets and weight, drawn for each row from
/// Beta(mixup, mixup): a network learns to go from one row to the other evenly. A class becomes a share of two classes, which cross-entropies take and hinge losses
/// refuse; the training accuracy is by the larger share. Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk minimization" (2018), where s is one
/// for a batch.
/// </remarks>
public sealed class TableAugmentation : Augmentation
{
    // Of a row's positions, the first chooses its partner, and those from here on the share.
    private const ulong FirstOfShare = 1;

    /// <summary>Noise, mixup or both.</summary>
    /// <param name="noise">The standard deviation of normal noise, finite and at least 0, as a share of each feature's own over the training rows; 0, none, by default. 0.1 is moderate.</param>
    /// <param name="mixup">The alpha of the share's distribution, finite and at least 0; 0, which mixes nothing, by default. 0.2 mixes mostly a little, 1 all shares alike, more mostly halves.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public TableAugmentation(float noise = 0, float mixup = 0) : base(noise) =>
        Mixup = Check(mixup, mixup is >= 0 and < float.PositiveInfinity, nameof(mixup), "be finite and at least 0");

    /// <summary>The alpha of the distribution of shares; 0 where nothing is mixed.</summary>
    public float Mixup { get; }

    internal override bool MixesRows => Mixup > 0;

    internal override bool IsIdle => Noise == 0 && Mixup == 0;

    /// <summary>Such as "rows with noise 0.1 and mixup 0.2".</summary>
    public override string ToString() => (Noise, Mixup) switch
    {
        (0, 0) => "rows",
        (_, 0) => FormattableString.Invariant($"rows with noise {Noise}"),
        (0, _) => FormattableString.Invariant($"rows with mixup {Mixup}"),
        _ => FormattableString.Invariant($"rows with noise {Noise} and mixup {Mixup}"),
    };

    internal override unsafe void Apply(in AugmentedRow row)
    {
        var (partner, share) = Mixture(in row);
        if (share == 1)
            row.Rows[row.Index].CopyTo(new Span<float>(row.Destination, row.Rows.Columns));
        else
            RowMixing.Run(row.Source, row.Rows.Start(partner), share, row.Destination, row.Rows.Columns);
        row.AddNoise();
    }

    internal override (int Partner, float Share) Mixture(in AugmentedRow row) => MixesRows
        ? (UniformNumbers.Index(row.Random[row.Position].X0, row.Rows.Rows), BetaDistribution.Draw(Mixup, row.Random, row.Position + FirstOfShare))
        : base.Mixture(in row);
}
