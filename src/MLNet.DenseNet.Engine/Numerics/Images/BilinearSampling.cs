using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Bilinear interpolation: the value of an image at any place between its pixels. Outside, the image has one value.</summary>
internal static unsafe class BilinearSampling
{
    // Pixels around the image: one before the first of a row, two after the last. A place just past the end still has neighbors on both sides.
    private const int Border = 3;

    /// <summary>The most pixels of a row or a column: up to here float32 holds every whole number exactly.</summary>
    public const int MaxSide = (1 << 24) - Border;

    private static int Lanes => Vector256<float>.Count;

    /// <summary>Whether an image is small enough: its places are exact in float32, and its scratch memory fits one buffer.</summary>
    public static bool CanTake(int width, int height) => Math.Max(width, height) <= MaxSide && ScratchLength(width, height) <= AlignedBuffer.MaxLength;

    /// <summary>The floats of scratch memory that an image takes.</summary>
    public static long ScratchLength(int width, int height) => SquaresLength(width, height) + 3L * WholeVectors(width);

    /// <summary>destination(x, y) = source(map(x, y)).</summary>
    /// <param name="source">(height x width).</param>
    /// <param name="destination">(height x width).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="map">From a pixel of the destination to its place in the source; all six numbers finite.</param>
    /// <param name="outside">The value of the image outside the source.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, float* destination, int width, int height, AffineMap map, float outside, float* scratch)
    {
        FillSquares(source, width, height, outside, scratch);
        var sharesX = scratch + SquaresLength(width, height);
        var sharesY = sharesX + WholeVectors(width);
        var places = (int*)(sharesY + WholeVectors(width));
        var end = destination + height * width;
        for (var y = 0; y < height; y++, destination += width)
        {
            // Two loops: with all addresses of a row computed first, the processor overlaps the loads of the second loop.
            Locate(map, y, width, height, sharesX, sharesY, places);
            for (var x = 0; x < width; x += Lanes)
            {
                var values = Blend(scratch, places + x, sharesX + x, sharesY + x);
                // The last vector may spill into the next row, which is written later anyway; after the last row there is none to spill into.
                if (destination + x + Lanes <= end)
                    values.Store(destination + x);
                else
                    StoreFirst(values, destination + x, Math.Min(width - x, Lanes));
            }
        }
    }

    private static int WholeVectors(int length) => (length + Lanes - 1) / Lanes * Lanes;

    private static long SquaresLength(int width, int height) => 2L * (width + Border) * (height + Border - 1);

    /// <summary>
    /// Writes each pixel of the image and its border next to the pixel below it. The four pixels around a place then lie side by side, the left two first: a square. With the border,
    /// no place has to be checked for being inside.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillSquares(float* source, int width, int height, float outside, float* squares)
    {
        for (var y = 0; y <= height + 1; y++)
        {
            // Null where the row is of the border.
            var upper = y > 0 && y <= height ? source + (y - 1) * width : null;
            var lower = y < height ? source + y * width : null;
            squares[0] = squares[1] = outside;
            squares += 2;
            if (width < Lanes)
            {
                for (var x = 0; x < width; x++)
                    (squares[2 * x], squares[2 * x + 1]) = (upper == null ? outside : upper[x], lower == null ? outside : lower[x]);
            }
            else
            {
                for (var x = 0; x < width - Lanes; x += Lanes)
                    PairUp(upper, lower, x, outside, squares);
                // The last vector overlaps the one before it.
                PairUp(upper, lower, width - Lanes, outside, squares);
            }

            squares += 2 * width;
            squares[0] = squares[1] = squares[2] = squares[3] = outside;
            squares += 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PairUp(float* upper, float* lower, int x, float outside, float* squares)
    {
        var above = (upper == null ? Vector256.Create(outside) : Vector256.Load(upper + x)).AsUInt32();
        var below = (lower == null ? Vector256.Create(outside) : Vector256.Load(lower + x)).AsUInt32();
        Pair(Vector256.WidenLower(above), Vector256.WidenLower(below)).Store(squares + 2 * x);
        Pair(Vector256.WidenUpper(above), Vector256.WidenUpper(below)).Store(squares + 2 * x + Lanes);

        static Vector256<float> Pair(Vector256<ulong> first, Vector256<ulong> second) => (BitConverter.IsLittleEndian ? first | (second << 32) : (first << 32) | second).AsSingle();
    }

    /// <summary>Where the pixels of a row come from: the index of a square, and the distances from its left and from its top, in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Locate(AffineMap map, int y, int width, int height, float* sharesX, float* sharesY, int* places)
    {
        var (stepX, stepY) = (Vector256.Create(map.XX), Vector256.Create(map.YX));
        var (startX, startY) = (Vector256.Create(map.XY * y + map.X0 + 1), Vector256.Create(map.YY * y + map.Y0 + 1));
        var (lastX, lastY, stride) = (Vector256.Create(width + 1f), Vector256.Create(height + 1f), Vector256.Create(width + Border));
        var column = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        for (var x = 0; x < width; x += Lanes)
        {
            // MinNative and MaxNative differ between processors for negative zero and not-a-number. Neither can occur: the map is finite, and 1 was added.
            var placeX = Vector256.MinNative(Vector256.MaxNative(Vector256.FusedMultiplyAdd(column, stepX, startX), Vector256<float>.Zero), lastX);
            var placeY = Vector256.MinNative(Vector256.MaxNative(Vector256.FusedMultiplyAdd(column, stepY, startY), Vector256<float>.Zero), lastY);
            var (left, top) = (Vector256.ConvertToInt32Native(placeX), Vector256.ConvertToInt32Native(placeY));
            (top * stride + left).Store(places + x);
            (placeX - Vector256.ConvertToSingle(left)).Store(sharesX + x);
            (placeY - Vector256.ConvertToSingle(top)).Store(sharesY + x);
            column += Vector256.Create((float)Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Blend(float* squares, int* places, float* sharesX, float* sharesY)
    {
        Vector256<float> upperLeft, lowerLeft, upperRight, lowerRight;
        if (Avx.IsSupported)
        {
            // Two 4 x 4 transpositions at once, one in each half of the vectors.
            var (first, second, third, fourth) = (TwoSquares(squares, places), TwoSquares(squares, places + 1), TwoSquares(squares, places + 2), TwoSquares(squares, places + 3));
            var (left, left2) = (Avx.UnpackLow(first, second).AsDouble(), Avx.UnpackLow(third, fourth).AsDouble());
            var (right, right2) = (Avx.UnpackHigh(first, second).AsDouble(), Avx.UnpackHigh(third, fourth).AsDouble());
            (upperLeft, lowerLeft) = (Avx.UnpackLow(left, left2).AsSingle(), Avx.UnpackHigh(left, left2).AsSingle());
            (upperRight, lowerRight) = (Avx.UnpackLow(right, right2).AsSingle(), Avx.UnpackHigh(right, right2).AsSingle());
        }
        else
        {
            (upperLeft, lowerLeft, upperRight, lowerRight) = (Each(squares, places), Each(squares + 1, places), Each(squares + 2, places), Each(squares + 3, places));
        }

        var (shareX, shareY) = (Vector256.Load(sharesX), Vector256.Load(sharesY));
        var (restX, restY) = (Vector256<float>.One - shareX, Vector256<float>.One - shareY);
        var upper = Vector256.FusedMultiplyAdd(upperRight, shareX, upperLeft * restX);
        var lower = Vector256.FusedMultiplyAdd(lowerRight, shareX, lowerLeft * restX);
        return Vector256.FusedMultiplyAdd(lower, shareY, upper * restY);
    }

    /// <summary>The four pixels around places[0] and the four around places[4].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TwoSquares(float* squares, int* places) =>
        Vector256.Create(Vector128.Load(squares + 2 * (nint)places[0]), Vector128.Load(squares + 2 * (nint)places[4]));

    /// <summary>One pixel of each of eight squares.</summary>
    private static Vector256<float> Each(float* values, int* places) => Vector256.Create(
        values[2 * (nint)places[0]], values[2 * (nint)places[1]], values[2 * (nint)places[2]], values[2 * (nint)places[3]],
        values[2 * (nint)places[4]], values[2 * (nint)places[5]], values[2 * (nint)places[6]], values[2 * (nint)places[7]]);

    private static void StoreFirst(Vector256<float> values, float* destination, int count)
    {
        for (var i = 0; i < count; i++)
            destination[i] = values[i];
    }
}
