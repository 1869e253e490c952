using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The largest value in a window that moves over an image, channel by channel, and which tap of the window it was. Of equal values the first one wins, down first, then across. A value that is
/// not-a-number wins, so that it is not lost. Taps are numbered row by row, and kept as float32.
/// </summary>
/// <param name="rows">The window's way down.</param>
/// <param name="columns">The window's way across.</param>
/// <param name="channels">Values at a position. They lie next to each other, so that vectors run over them.</param>
internal sealed unsafe class MaxPooling(PoolingAxis rows, PoolingAxis columns, int channels)
{
    /// <summary>The most taps of a window: up to here float32 holds the number of each exactly.</summary>
    public const int MaxTaps = 1 << 24;

    /// <param name="input">(height x width x channels).</param>
    /// <param name="output">(rows x columns x channels), to be filled.</param>
    /// <param name="winners">Like the output, to be filled with the number of the tap that won; null where nobody asks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* input, float* output, float* winners)
    {
        for (var row = 0; row < rows.Output; row++)
        {
            VectorWidths.RunOverlapping(new ForwardRow(input, output, winners, columns, channels, rows.CoveredBy(row)), channels);
            output += columns.Output * channels;
            winners = winners == null ? null : winners + columns.Output * channels;
        }
    }

    /// <summary>Each position of the input gathers the gradients of the windows that it won, in order of the windows, so that nothing has to be cleared before.</summary>
    /// <param name="winners">(rows x columns x channels), of the forward pass.</param>
    /// <param name="outputGradient">(rows x columns x channels).</param>
    /// <param name="inputGradient">(height x width x channels), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(float* winners, float* outputGradient, float* inputGradient)
    {
        var windows = rows.CoveringFirst;
        for (var row = 0; row < rows.Input; row++, windows = rows.Next(in windows), inputGradient += columns.Input * channels)
        {
            if (columns.IsTiled && windows.End - windows.First == 1)
            {
                var index = (nint)windows.First * columns.Output * channels;
                var tap = (windows.Place - windows.First * rows.Stride) * columns.Window;
                VectorWidths.RunOverlapping(new TiledRow(winners + index, outputGradient + index, inputGradient, columns, channels, tap), channels);
                new Span<float>(inputGradient + columns.Output * columns.Window * channels, (columns.Input - columns.Output * columns.Window) * channels).Clear();
            }
            else
            {
                VectorWidths.RunOverlapping(new GatheredRow(winners, outputGradient, inputGradient, columns, channels, windows, rows.Stride), channels);
            }
        }
    }

    private readonly struct ForwardRow(float* input, float* output, float* winners, PoolingAxis columns, int channels, PoolingAxis.CoveredPositions down) : IVectorLoop
    {
        private readonly nint _rowStride = (nint)columns.Input * channels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            for (; first <= end - TV.Count; first += TV.Count)
            {
                var index = (nint)first;
                for (var column = 0; column < columns.Output; column++, index += channels)
                {
                    var across = columns.CoveredBy(column);
                    var x = input + down.First * _rowStride + (nint)across.First * channels + first;
                    var tap = down.Tap * columns.Window + across.Tap;
                    var (best, winner) = (TV.Load(x), TV.Broadcast(tap));
                    if (down.Count == 2 && across.Count == 2)
                    {
                        // Written out, as in most networks it is this or none, and takes a quarter less time.
                        Take(TV.Load(x + channels), tap + 1, ref best, ref winner);
                        Take(TV.Load(x + _rowStride), tap + columns.Window, ref best, ref winner);
                        Take(TV.Load(x + _rowStride + channels), tap + columns.Window + 1, ref best, ref winner);
                    }
                    else
                    {
                        for (var row = down.Count; row > 0; row--, x += _rowStride, tap += columns.Window)
                        {
                            var value = x;
                            for (var i = 0; i < across.Count; i++, value += channels)
                                Take(TV.Load(value), tap + i, ref best, ref winner);
                        }
                    }

                    best.Store(output + index);
                    if (winners != null)
                        winner.Store(winners + index);
                }
            }

            return first;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Take<TV>(TV value, float tap, ref TV best, ref TV winner) where TV : struct, ISimd<TV>
        {
            var (isNumber, isLarger) = (TV.Equal(value, value), TV.LessThan(best, value));
            best = TV.Select(isNumber, TV.Select(isLarger, value, best), value);
            winner = TV.Select(isNumber, TV.Select(isLarger, TV.Broadcast(tap), winner), TV.Broadcast(tap));
        }
    }

    /// <summary>A row of the input of which each position is covered by one window at most: a window writes to all that it covers.</summary>
    private readonly struct TiledRow(float* winners, float* outputGradient, float* inputGradient, PoolingAxis columns, int channels, int firstTap) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var (stride, width, zero) = ((nint)channels, columns.Output, TV.Broadcast(0f));
            for (; first <= end - TV.Count; first += TV.Count)
            {
                float* winner = winners + first, gradient = outputGradient + first, to = inputGradient + first;
                for (var column = width; column > 0; column--, winner += stride, gradient += stride)
                {
                    var (won, value) = (TV.Load(winner), TV.Load(gradient));
                    for (var tap = firstTap; tap < firstTap + columns.Window; tap++, to += stride)
                        TV.Select(TV.Equal(won, TV.Broadcast(tap)), value, zero).Store(to);
                }
            }

            return first;
        }
    }

    /// <summary>A row of the input whose positions several windows may cover.</summary>
    private readonly struct GatheredRow(float* winners, float* outputGradient, float* inputGradient, PoolingAxis columns, int channels, PoolingAxis.CoveringWindows down, int rowStride) : IVectorLoop
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
                        var index = ((nint)row * columns.Output + across.First) * channels + first;
                        var tap = (down.Place - row * rowStride) * columns.Window + across.Place - across.First * columns.Stride;
                        for (var window = across.First; window < across.End; window++, index += channels, tap -= columns.Stride)
                            sum += TV.Select(TV.Equal(TV.Load(winners + index), TV.Broadcast(tap)), TV.Load(outputGradient + index), TV.Broadcast(0f));
                    }

                    sum.Store(to);
                }
            }

            return first;
        }
    }
}
