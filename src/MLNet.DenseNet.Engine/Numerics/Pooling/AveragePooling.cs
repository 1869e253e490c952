using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The mean of the values in a window that moves over an image, channel by channel. It counts only positions inside the image.</summary>
/// <param name="rows">The window's way down.</param>
/// <param name="columns">The window's way across.</param>
/// <param name="channels">Values at a position. They lie next to each other, so that vectors run over them.</param>
internal sealed unsafe class AveragePooling(PoolingAxis rows, PoolingAxis columns, int channels)
{
    /// <param name="input">(height x width x channels).</param>
    /// <param name="output">(rows x columns x channels), to be filled.</param>
    /// <param name="saturates">Whether the mean of finite values has to be finite even where their sum is not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* input, float* output, bool saturates)
    {
        for (var row = 0; row < rows.Output; row++, output += columns.Output * channels)
        {
            var down = rows.CoveredBy(row);
            if (columns.IsTiled && !saturates)
                VectorWidths.RunOverlapping(new TiledForwardRow(input + (nint)down.First * columns.Input * channels, output, columns, channels, down.Count), channels);
            else
                VectorWidths.RunOverlapping(new ForwardRow(input, output, columns, channels, down, saturates), channels);
        }
    }

    /// <summary>Each position of the input gathers its shares of the gradients of the windows that cover it, in order of the windows, so that nothing has to be cleared before.</summary>
    /// <param name="outputGradient">(rows x columns x channels).</param>
    /// <param name="inputGradient">(height x width x channels), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(float* outputGradient, float* inputGradient)
    {
        var windows = rows.CoveringFirst;
        for (var row = 0; row < rows.Input; row++, windows = rows.Next(in windows), inputGradient += columns.Input * channels)
        {
            if (columns.IsTiled && windows.End - windows.First == 1)
            {
                var share = 1f / (rows.CoveredBy(windows.First).Count * columns.Window);
                VectorWidths.RunOverlapping(new TiledRow(outputGradient + (nint)windows.First * columns.Output * channels, inputGradient, columns, channels, share), channels);
                new Span<float>(inputGradient + columns.Output * columns.Window * channels, (columns.Input - columns.Output * columns.Window) * channels).Clear();
            }
            else
            {
                VectorWidths.RunOverlapping(new GatheredRow(outputGradient, inputGradient, rows, columns, channels, windows), channels);
            }
        }
    }

    private readonly struct ForwardRow(float* input, float* output, PoolingAxis columns, int channels, PoolingAxis.CoveredPositions down, bool saturates) : IVectorLoop
    {
        private readonly nint _rowStride = (nint)columns.Input * channels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var top = input + down.First * _rowStride + first;
            for (; first <= end - TV.Count; first += TV.Count, top += TV.Count)
            {
                var to = output + first;
                for (var column = 0; column < columns.Output; column++, to += channels)
                {
                    // Where the sum could overflow, each value is multiplied by its share before it is added, else the sum, which rounds less.
                    var across = columns.CoveredBy(column);
                    var share = TV.Broadcast(1f / (down.Count * across.Count));
                    var (before, after) = saturates ? (share, TV.Broadcast(1f)) : (TV.Broadcast(1f), share);
                    var x = top + (nint)across.First * channels;
                    var sum = TV.Broadcast(0f);
                    for (var row = 0; row < down.Count; row++, x += _rowStride)
                    {
                        // A sum for each row of the window, since long chains of additions would round more.
                        var rowSum = TV.Broadcast(0f);
                        var value = x;
                        for (var count = across.Count; count > 0; count--, value += channels)
                            rowSum = TV.FusedMultiplyAdd(TV.Load(value), before, rowSum);
                        sum += rowSum;
                    }

                    (saturates ? Saturation.Apply(sum) : sum * after).Store(to);
                }
            }

            return first;
        }
    }

    /// <summary>A row of the output whose windows lie side by side and cover equally many positions. Sums are added in the same order as elsewhere.</summary>
    private readonly struct TiledForwardRow(float* input, float* output, PoolingAxis columns, int channels, int height) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var (stride, rowStride, window) = ((nint)channels, (nint)columns.Input * channels, columns.Window);
            var share = TV.Broadcast(1f / (height * window));
            for (; first <= end - TV.Count; first += TV.Count)
            {
                float* x = input + first, to = output + first;
                for (var column = columns.Output; column > 0; column--, x += window * stride, to += stride)
                {
                    var sum = TV.Broadcast(0f);
                    var value = x;
                    for (var row = height; row > 0; row--, value += rowStride)
                    {
                        var rowSum = TV.Broadcast(0f);
                        var tap = value;
                        for (var count = window; count > 0; count--, tap += stride)
                            rowSum += TV.Load(tap);
                        sum += rowSum;
                    }

                    (sum * share).Store(to);
                }
            }

            return first;
        }
    }

    /// <summary>A row of the input of which each position is covered by one window at most: a window writes to all that it covers.</summary>
    private readonly struct TiledRow(float* outputGradient, float* inputGradient, PoolingAxis columns, int channels, float share) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var (stride, width) = ((nint)channels, columns.Output);
            for (; first <= end - TV.Count; first += TV.Count)
            {
                float* gradient = outputGradient + first, to = inputGradient + first;
                for (var column = width; column > 0; column--, gradient += stride)
                {
                    var value = TV.Load(gradient) * TV.Broadcast(share);
                    for (var tap = columns.Window; tap > 0; tap--, to += stride)
                        value.Store(to);
                }
            }

            return first;
        }
    }

    /// <summary>A row of the input whose positions several windows may cover.</summary>
    private readonly struct GatheredRow(float* outputGradient, float* inputGradient, PoolingAxis rows, PoolingAxis columns, int channels, PoolingAxis.CoveringWindows down) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            for (; first <= end - TV.Count; first += TV.Count)
            {
                var to = inputGradient + first;
                var across = columns.CoveringFirst;
                for (var column = 0; column < columns.Input; column++, across = columns.Next(in across), to += channels)
                {
                    var sum = TV.Broadcast(0f);
                    for (var row = down.First; row < down.End; row++)
                    {
                        var dy = outputGradient + ((nint)row * columns.Output + across.First) * channels + first;
                        for (var window = across.First; window < across.End; window++, dy += channels)
                            sum = TV.FusedMultiplyAdd(TV.Load(dy), TV.Broadcast(1f / (rows.CoveredBy(row).Count * columns.CoveredBy(window).Count)), sum);
                    }

                    sum.Store(to);
                }
            }

            return first;
        }
    }
}
