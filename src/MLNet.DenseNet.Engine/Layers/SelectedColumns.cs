using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Some columns of a batch, one beside the other.</summary>
internal static class SelectedColumns
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    /// <summary>Reads columns of rows.</summary>
    /// <param name="rows">Dense or sparse.</param>
    /// <param name="columns">Which ones, ascending.</param>
    /// <param name="selected">(rows x columns), to be filled.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Read(in InputRows rows, int[] columns, Span<float> selected, ThreadTeam? team)
    {
        Lengths.Check(selected.Length, (long)rows.Rows * columns.Length);
        fixed (int* indices = columns)
        fixed (float* destination = selected)
        {
            var shares = RangeShares.For(team, selected.Length * MultiplyAddsPerElement, rows.Rows);
            shares.Run(new Reading(rows, indices, columns.Length, destination), team);
        }
    }

    /// <summary>Adds to columns of rows.</summary>
    /// <param name="selected">(rows x columns).</param>
    /// <param name="columns">Which ones, ascending.</param>
    /// <param name="rows">(rows x inputs), changed in place.</param>
    /// <param name="inputs">The length of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> selected, ReadOnlySpan<int> columns, Span<float> rows, int inputs)
    {
        for (var row = 0; row * columns.Length < selected.Length; row++)
        {
            var from = selected.Slice(row * columns.Length, columns.Length);
            var to = rows.Slice(row * inputs, inputs);
            for (var i = 0; i < columns.Length; i++)
                to[columns[i]] += from[i];
        }
    }

    private readonly unsafe struct Reading(InputRows rows, int* columns, int count, float* selected) : IRangeWork
    {
        private readonly InputRows _rows = rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
            {
                var to = selected + (nint)row * count;
                if (_rows.IsSparse)
                    ReadSparse(row, to);
                else
                    ReadDense(_rows.Dense.Start(row), to);
            }
        }

        private void ReadDense(float* from, float* to)
        {
            for (var i = 0; i < count; i++)
                to[i] = from[columns[i]];
        }

        /// <summary>Both are ascending.</summary>
        private void ReadSparse(int row, float* to)
        {
            var matrix = _rows.Sparse;
            var (entry, end) = (matrix.Starts[row], matrix.Ends[row]);
            for (var i = 0; i < count; i++)
            {
                while (entry < end && matrix.Columns[entry] < columns[i])
                    entry++;
                to[i] = entry < end && matrix.Columns[entry] == columns[i] ? matrix.Value(entry) : 0;
            }
        }
    }
}
