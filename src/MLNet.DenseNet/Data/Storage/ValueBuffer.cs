namespace MLNet.DenseNet.Data;

/// <summary>Values in one array, which grows as rows are added and is used again after <see cref="Clear"/>.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="content">What they are, for messages.</param>
internal sealed class ValueBuffer<T>(string content)
    where T : unmanaged
{
    private T[] _values = [];
    private int _length;

    public ReadOnlyMemory<T> Values => _values.AsMemory(0, _length);

    /// <summary>Makes room for so many values, as far as an array reaches.</summary>
    public void Reserve(long count)
    {
        if (count > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(count, Array.MaxLength));
    }

    /// <summary>Adds values for the caller to fill.</summary>
    /// <exception cref="InvalidOperationException">An array cannot hold so many.</exception>
    public Span<T> Add(int count)
    {
        var needed = (long)_length + count;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException(FormattableString.Invariant($"The {content} have more than {Array.MaxLength:N0} values, more than one block of memory holds."));
        if (needed > _values.Length)
            Reserve(Math.Max(needed, Math.Min(2L * _values.Length, Array.MaxLength)));
        _length = (int)needed;
        return _values.AsSpan(_length - count, count);
    }

    public void Clear() => _length = 0;
}
