using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Copies between matrices whose rows lie one after the other and matrices whose columns do, so that a vector holds the same column of several rows.</summary>
internal static unsafe class Transposition
{
    /// <summary>From rows to columns.</summary>
    /// <param name="source">(rows x columns).</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="destination">(columns x stride).</param>
    /// <param name="stride">From column to column in the destination, at least the number of rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToColumns(ReadOnlySpan<float> source, int columns, float* destination, int stride)
    {
        var rows = source.Length / columns;
        if (columns == 1)
        {
            source.CopyTo(new Span<float>(destination, rows));
            return;
        }

        fixed (float* from = source)
        {
            var next = from;
            for (var row = 0; row < rows; row++)
            {
                var to = destination + row;
                for (var j = 0; j < columns; j++, to += stride)
                    *to = *next++;
            }
        }
    }

    /// <summary>From rows to columns, some rows of a matrix.</summary>
    /// <param name="source">(rows x columns).</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="destination">(columns x stride).</param>
    /// <param name="stride">From column to column in the destination, at least the number of rows.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last.</param>
    public static void ToColumns(float* source, int columns, float* destination, int stride, int first, int end) =>
        ToColumns(new ReadOnlySpan<float>(source + (nint)first * columns, (end - first) * columns), columns, destination + first, stride);

    /// <summary>From columns without gaps to rows.</summary>
    /// <param name="source">(columns x rows).</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="destination">(rows x columns), apart from the source.</param>
    public static void ToRows(ReadOnlySpan<float> source, int columns, Span<float> destination)
    {
        Lengths.Check(destination.Length, source.Length);
        fixed (float* from = source)
            ToRows(from, source.Length / columns, columns, destination);
    }

    /// <summary>From columns to rows, some rows of a matrix.</summary>
    /// <param name="source">(columns x stride).</param>
    /// <param name="stride">From column to column in the source, at least the number of rows.</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="destination">(rows x columns).</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last.</param>
    public static void ToRows(float* source, int stride, int columns, float* destination, int first, int end) =>
        ToRows(source + first, stride, columns, new Span<float>(destination + (nint)first * columns, (end - first) * columns));

    /// <summary>From columns to rows.</summary>
    /// <param name="source">(columns x stride).</param>
    /// <param name="stride">From column to column in the source, at least the number of rows.</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="destination">(rows x columns).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(float* source, int stride, int columns, Span<float> destination)
    {
        var rows = destination.Length / columns;
        fixed (float* first = destination)
        {
            var to = first;
            for (var row = 0; row < rows; row++)
            {
                var from = source + row;
                for (var j = 0; j < columns; j++, from += stride)
                    *to++ = *from;
            }
        }
    }
}
