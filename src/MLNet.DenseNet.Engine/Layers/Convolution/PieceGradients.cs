using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The gradients of weights and bias for each piece of a batch, and their sums in the order of the pieces.</summary>
/// <param name="sizes">The sizes of the convolution.</param>
/// <param name="memory">As <see cref="ConvolutionSizes.PieceScratch"/> says.</param>
/// <param name="weights">Where the gradient of the weights goes.</param>
/// <param name="bias">Where the gradient of the bias goes.</param>
internal readonly unsafe struct PieceGradients(in ConvolutionSizes sizes, float* memory, float* weights, float* bias)
{
    private readonly ConvolutionSizes _sizes = sizes;

    /// <summary>(taps and channels x filters) for each group, in panels. The first piece's lie where the sum goes, unless that is not divided into groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Weights(int piece) => piece == 0 && !_sizes.DividesWeights ? weights : memory + piece * (nint)_sizes.PieceLength;

    /// <summary>(filters).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Bias(int piece) => piece == 0 ? bias : memory + piece * (nint)_sizes.PieceLength + AlignedBuffer.RoundUp(_sizes.WeightLength);

    /// <summary>Sums up the pieces.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="threads">For how many threads.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Unite(int count, int threads, ThreadTeam? team)
    {
        if (count > 1)
        {
            // At whole cache lines, so that no two threads write the same one.
            RangeShares.AtMost(threads, _sizes.WeightLength, AlignedBuffer.Alignment).Run(new Sum(this, count), team);
        }

        if (_sizes.DividesWeights)
            WeightGroups.Unite(Weights(0), weights, in _sizes);
    }

    private readonly struct Sum(PieceGradients gradients, int count) : IRangeWork
    {
        private readonly PieceGradients _gradients = gradients;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int first, int end)
        {
            Elementwise.Run(new AddRows(_gradients.Weights(0), _gradients.Weights(1), (nint)_gradients._sizes.PieceLength, count - 1), first, end);
            if (first == 0)
                Elementwise.Run(new AddRows(_gradients.Bias(0), _gradients.Bias(1), (nint)_gradients._sizes.PieceLength, count - 1), _gradients._sizes.Filters);
        }
    }

    /// <summary>sums += each of the rows, in their order.</summary>
    private readonly struct AddRows(float* sums, float* rows, nint stride, int count) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var sum = TV.Load(sums + index);
            for (var row = 0; row < count; row++)
                sum += TV.Load(rows + row * stride + index);
            sum.Store(sums + index);
        }
    }
}
