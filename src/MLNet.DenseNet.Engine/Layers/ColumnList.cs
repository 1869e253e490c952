namespace MLNet.DenseNet.Engine;

/// <summary>Columns of a plain row that a layer has to do with, ascending.</summary>
internal static class ColumnList
{
    /// <param name="columns">At least one, each at least 0 and above the one before it.</param>
    /// <param name="what">What the layer is, to begin a message with.</param>
    /// <param name="name">The caller's parameter.</param>
    /// <returns>A copy.</returns>
    public static int[] Checked(IReadOnlyList<int> columns, string what, string name)
    {
        int[] copy = [.. columns];
        if (copy.Length == 0)
            throw new ArgumentException($"{what} needs at least one column.", name);
        for (var i = 0; i < copy.Length; i++)
        {
            if (copy[i] <= (i == 0 ? -1 : copy[i - 1]))
                throw new ArgumentException(FormattableString.Invariant($"{what} has columns that are at least 0 and ascend; number {i} of them is {copy[i]}."), name);
        }

        return copy;
    }

    /// <summary>Refuses a shape that has not all of the columns.</summary>
    public static void CheckInput(ReadOnlySpan<int> columns, Shape input)
    {
        if (input.Dimensions.Length != 1)
            throw new ArgumentException("It needs a plain row of numbers.");
        if (columns.Length > 0 && columns[^1] >= input.Size)
            throw new ArgumentException(FormattableString.Invariant($"It needs at least {columns[^1] + 1} inputs, since that is its last column."));
        if ((long)input.Size + columns.Length > int.MaxValue)
            throw new ArgumentException(FormattableString.Invariant($"Its output would have {(long)input.Size + columns.Length:N0} values."));
    }

    /// <summary>int32 number of columns, int32 each.</summary>
    public static void Write(ReadOnlySpan<int> columns, BinaryWriter writer)
    {
        writer.Write(columns.Length);
        foreach (var column in columns)
            writer.Write(column);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Memory grows with what is there, whatever the number says.</summary>
    public static List<int> Read(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var columns = new List<int>();
        for (; count > 0; count--)
            columns.Add(reader.ReadInt32());
        return columns;
    }
}
