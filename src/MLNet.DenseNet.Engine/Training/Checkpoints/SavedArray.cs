using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Values that a checkpoint holds, where they lie in memory.</summary>
/// <param name="Buffer">The buffer that holds them.</param>
/// <param name="First">The index of the first one.</param>
/// <param name="Length">How many.</param>
internal readonly record struct SavedArray(AlignedBuffer Buffer, int First, int Length)
{
    public Span<float> Values => Buffer.Span.Slice(First, Length);

    /// <summary>A parameter's place in a buffer laid out like its own.</summary>
    public static SavedArray Of(Parameter parameter, AlignedBuffer buffer) => new(buffer, parameter.Offset, parameter.Shape.Size);
}
