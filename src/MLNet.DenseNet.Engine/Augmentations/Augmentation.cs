using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// How rows are varied at random while training, so that a network hardly ever sees the same row twice and learns what the variants have in common instead of the
/// rows by heart. It changes the rows of each batch on their way into the network, never those of a validation set, and nothing at prediction.
/// </summary>
/// <remarks>
/// <para>
/// What becomes of a row depends on the seed, the step and its place in the batch alone: same seed, same data, same variants, whatever the number of threads.
/// The training loss and metric of an epoch are those of the varied rows, so they may be worse than those of the validation set.
/// </para>
/// <para>Kinds: <see cref="ImageAugmentation"/>, <see cref="TableAugmentation"/>. Rows must be dense.</para>
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract class Augmentation
{
    private protected Augmentation(float noise) => Noise = Check(noise, noise is >= 0 and < float.PositiveInfinity, nameof(noise), "be finite and at least 0");

    /// <summary>The standard deviation of the normal noise that is added to each feature, as a share of the feature's own over the training rows; features of one value only get none.</summary>
    public float Noise { get; }

    /// <summary>What it must be for rows of this shape, to follow "it must"; null where it fits them.</summary>
    internal virtual string? Mismatch(Shape inputShape) => null;

    /// <summary>The same with what it leaves open taken from the shape of the rows, which it has to fit.</summary>
    internal virtual Augmentation For(Shape inputShape) => this;

    /// <summary>Whether nothing is on, so that every row stays as it is.</summary>
    internal abstract bool IsIdle { get; }

    /// <summary>Whether rows are mixed with others of the batch, and with them their targets and weights.</summary>
    internal virtual bool MixesRows => false;

    /// <summary>The floats of scratch memory that each thread needs.</summary>
    internal virtual long ScratchLength => 0;

    /// <summary>Writes the variant of a row to its destination.</summary>
    internal abstract void Apply(in AugmentedRow row);

    /// <summary>Which row of the batch a row is mixed with, and the weight of the row itself; the other one has the rest to 1.</summary>
    internal virtual (int Partner, float Share) Mixture(in AugmentedRow row) => (row.Index, 1);

    private protected static T Check<T>(T value, bool isValid, string name, string requirement) =>
        isValid ? value : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {(object?)value ?? "null"}; it must {requirement}."));
}
