using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The gradient of <see cref="PositionNormalization"/>: of the input position by position, of scales and shifts as sums of pieces of the batch, which are added in float64, in order.</summary>
/// <param name="x">The positions.</param>
/// <param name="scales">(channels).</param>
/// <param name="statistics">(positions x 2), as the forward pass filled it.</param>
/// <param name="dy">(positions x channels).</param>
/// <param name="dx">(positions x channels), to be filled; null where nobody needs it.</param>
/// <param name="sums">(pieces x 2 x channels), memory: for each piece the sums of dy, then those of dy xhat.</param>
internal readonly unsafe struct PositionNormalizationGradient(PositionRows x, float* scales, float* statistics, float* dy, float* dx, float* sums) : IPieceWork
{
    private const long MultiplyAddsPerElement = 16;

    private readonly PieceSums _sums = new(sums, x.Pieces.Count, x.Channels);

    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public void Run(ThreadTeam? team) => x.Pieces.Run(in this, ThreadTeam.ThreadsFor(team, (long)x.Count * x.Channels * MultiplyAddsPerElement), team);

    /// <summary>The gradients of a channel's shift and scale, once all pieces are done.</summary>
    public (double Shift, double Scale) this[int channel] => _sums[channel];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece, int first, int end)
    {
        var offsets = stackalloc nint[end - first];
        var rows = x[first, end, offsets];
        new Span<float>(_sums.Of(piece), 2 * x.Channels).Clear();
        for (var position = first; position < end; position++)
            Differentiate(rows.Start(position - first), position, _sums.Of(piece));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(float* values, nint position, float* pieceSums)
    {
        var (mean, inverse, gradient) = (statistics[2 * position], statistics[2 * position + 1], position * x.Channels);
        var (meanGradient, slope) = (0f, 0f);
        if (dx != null)
        {
            meanGradient = LaneSums.Run(new GradientSum(dy + gradient, scales), x.Channels) / x.Channels;
            slope = LaneSums.Run(new ProductSum(dy + gradient, scales, values, mean, inverse), x.Channels) / x.Channels;
        }

        Elementwise.Run(new Kernel(values, mean, inverse, scales, dy + gradient, meanGradient, slope, pieceSums, x.Channels, dx == null ? null : dx + gradient), x.Channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Normalized<TV>(float* x, float mean, float inverse) where TV : struct, ISimd<TV> => (TV.Load(x) - TV.Broadcast(mean)) * TV.Broadcast(inverse);

    /// <summary>g = dy scale.</summary>
    private readonly struct GradientSum(float* dy, float* scales) : ISumTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV> => TV.FusedMultiplyAdd(TV.Load(dy + index), TV.Load(scales + index), sum);
    }

    /// <summary>g xhat.</summary>
    private readonly struct ProductSum(float* dy, float* scales, float* x, float mean, float inverse) : ISumTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Load(dy + index) * TV.Load(scales + index), Normalized<TV>(x + index, mean, inverse), sum);
    }

    private readonly struct Kernel(float* x, float mean, float inverse, float* scales, float* dy, float meanGradient, float slope, float* sums, int channels, float* dx) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var (normalized, gradient) = (Normalized<TV>(x + index, mean, inverse), TV.Load(dy + index));
            (TV.Load(sums + index) + gradient).Store(sums + index);
            TV.FusedMultiplyAdd(gradient, normalized, TV.Load(sums + channels + index)).Store(sums + channels + index);
            if (dx == null)
                return;
            var difference = gradient * TV.Load(scales + index) - TV.Broadcast(meanGradient);
            (TV.FusedMultiplyAdd(normalized, TV.Broadcast(-slope), difference) * TV.Broadcast(inverse)).Store(dx + index);
        }
    }
}
