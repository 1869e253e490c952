using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>How one direction of a recurrent layer sees the sequences of a batch, (rows x steps x values): from which end, and which values of a step are its own.</summary>
/// <param name="Steps">Steps of a sequence.</param>
/// <param name="Values">Values of a step that this direction has.</param>
/// <param name="Stride">Values of a step in all.</param>
/// <param name="First">The first of its own.</param>
/// <param name="IsReversed">Whether it begins at the last step.</param>
internal readonly record struct SequenceView(int Steps, int Values, int Stride, int First, bool IsReversed)
{
    /// <summary>Where the values of a step begin in a sequence.</summary>
    /// <param name="step">The step, counted in this direction.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int At(int step) => (IsReversed ? Steps - 1 - step : step) * Stride + First;

    /// <summary>Where the values of a step begin in a batch of sequences that lie one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint At(int row, int step) => (nint)row * Steps * Stride + At(step);

    /// <summary>Copies sequences to time-major memory, in this direction.</summary>
    /// <param name="sequences">(rows x steps·values).</param>
    /// <param name="mask">(rows x values) that every step is multiplied by, or null.</param>
    /// <param name="destination">(steps x rows x values), to be filled.</param>
    /// <param name="shares">How rows are cut for threads.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public unsafe void ToTimeMajor(MatrixRows sequences, float* mask, float* destination, RangeShares shares, ThreadTeam? team)
    {
        shares.Run(new Gathering(this, sequences, mask, destination), team);
    }

    /// <summary>Copies values from time-major memory to the sequences that they belong to.</summary>
    /// <param name="source">(steps x rows x values).</param>
    /// <param name="mask">(rows x values) that every step is multiplied by, or null.</param>
    /// <param name="sequences">(rows x steps·values).</param>
    /// <param name="adds">Whether they are added to what the sequences hold.</param>
    /// <param name="shares">How rows are cut for threads.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public unsafe void FromTimeMajor(float* source, float* mask, float* sequences, bool adds, RangeShares shares, ThreadTeam? team)
    {
        shares.Run(new Scattering(this, source, mask, sequences, adds, shares.Length), team);
    }

    private readonly unsafe struct Gathering(SequenceView view, MatrixRows sequences, float* mask, float* destination) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            var values = view.Values;
            for (; row < end; row++)
            {
                for (var step = 0; step < view.Steps; step++)
                {
                    float* from = sequences.Start(row) + view.At(step), to = destination + ((nint)step * sequences.Rows + row) * values;
                    if (mask == null)
                        new Span<float>(from, values).CopyTo(new Span<float>(to, values));
                    else
                        Elementwise.Run(new Product(from, mask + (nint)row * values, to), values);
                }
            }
        }
    }

    private readonly unsafe struct Scattering(SequenceView view, float* source, float* mask, float* sequences, bool adds, int rows) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            var values = view.Values;
            for (; row < end; row++)
            {
                for (var step = 0; step < view.Steps; step++)
                {
                    float* from = source + ((nint)step * rows + row) * values, to = sequences + view.At(row, step);
                    if (mask != null)
                        Elementwise.Run(new Product(from, mask + (nint)row * values, from), values);
                    if (adds)
                        Elementwise.Run(new Sum(from, to), values);
                    else
                        new Span<float>(from, values).CopyTo(new Span<float>(to, values));
                }
            }
        }
    }

    /// <summary>z = x y.</summary>
    private readonly unsafe struct Product(float* x, float* y, float* z) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(x + index) * TV.Load(y + index)).Store(z + index);
    }

    /// <summary>y += x.</summary>
    internal readonly unsafe struct Sum(float* x, float* y) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(y + index) + TV.Load(x + index)).Store(y + index);
    }
}
