using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Images between their pixels, by bilinear interpolation; outside they have one value.</summary>
internal static unsafe class BilinearSampling
{
    // Around the copied image: one pixel before it, and two behind, for the neighbor of a place just outside.
    private const int Border = 3;

    /// <summary>The scratch memory that an image takes.</summary>
    public static int ScratchLength(int width, int height) => checked((width + Border) * (height + Border));

    /// <summary>destination(x, y) = source(map(x, y)).</summary>
    /// <param name="source">(height x width).</param>
    /// <param name="destination">(height x width).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="map">Finite.</param>
    /// <param name="outside">The value around the source.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, float* destination, int width, int height, AffineMap map, float outside, float* scratch)
    {
        // With its border around it, no place needs a look at whether it is inside.
        Frame(source, width, height, outside, scratch);
        var stride = width + Border;
        for (var y = 0; y < height; y++)
        {
            var (rowX, rowY) = (map.XY * y + map.X0 + 1, map.YY * y + map.Y0 + 1);
            for (var x = 0; x < width; x += Vector256<float>.Count)
            {
                var column = Vector256.Create((float)x) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
                var placeX = Limit(column * map.XX + Vector256.Create(rowX), width + 1);
                var placeY = Limit(column * map.YX + Vector256.Create(rowY), height + 1);
                var (left, top) = (Vector256.ConvertToInt32Native(placeX), Vector256.ConvertToInt32Native(placeY));
                var (shareX, shareY) = (placeX - Vector256.ConvertToSingle(left), placeY - Vector256.ConvertToSingle(top));
                var index = top * Vector256.Create(stride) + left;
                var upper = Blend(Gather(scratch, index), Gather(scratch + 1, index), shareX);
                var lower = Blend(Gather(scratch + stride, index), Gather(scratch + stride + 1, index), shareX);
                Store(Blend(upper, lower, shareY), destination + x, width - x);
            }

            destination += width;
        }
    }

    private static void Frame(float* source, int width, int height, float outside, float* scratch)
    {
        var stride = width + Border;
        new Span<float>(scratch, ScratchLength(width, height)).Fill(outside);
        for (var y = 0; y < height; y++)
            new ReadOnlySpan<float>(source + y * width, width).CopyTo(new Span<float>(scratch + (y + 1) * stride + 1, width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Limit(Vector256<float> place, float highest)
    {
        place = Vector256.ConditionalSelect(Vector256.LessThan(place, Vector256<float>.Zero), Vector256<float>.Zero, place);
        return Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Create(highest), place), Vector256.Create(highest), place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Blend(Vector256<float> first, Vector256<float> second, Vector256<float> share) => first * (Vector256<float>.One - share) + second * share;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather(float* values, Vector256<int> index)
    {
        if (Avx2.IsSupported)
            return Avx2.GatherVector256(values, index, sizeof(float));
        return Vector256.Create(
            values[index[0]], values[index[1]], values[index[2]], values[index[3]], values[index[4]], values[index[5]], values[index[6]], values[index[7]]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, float* destination, int count)
    {
        if (count >= Vector256<float>.Count)
        {
            values.Store(destination);
            return;
        }

        for (var i = 0; i < count; i++)
            destination[i] = values[i];
    }
}
