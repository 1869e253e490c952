using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Columns;

/// <summary>The values that the keys of a column, or of a vector, stand for, as <c>MapValueToKey</c> maps them. Values of any type are kept as texts, which are equal where the values are.</summary>
/// <param name="Type">The type of the values, such as "String" or "Single".</param>
/// <param name="Values">In the order of the keys.</param>
internal sealed record KeyValues(string Type, IReadOnlyList<string> Values)
{
    /// <summary>Reads them from a column.</summary>
    /// <returns>Null where the column is no key, or its keys come without values.</returns>
    public static KeyValues? Of(DataViewSchema.Column column)
    {
        if (TypeOf(column) is not { } item)
            return null;
        Func<DataViewSchema.Column, string[]> read = Read<int>;
        return new KeyValues(item.ToString()!, (string[])read.Method.GetGenericMethodDefinition().MakeGenericMethod(item.RawType).Invoke(null, [column])!);
    }

    /// <summary>The type of a column's values, which are not read.</summary>
    /// <returns>Null where the column is no key, or its keys come without values.</returns>
    public static PrimitiveDataViewType? TypeOf(DataViewSchema.Column column) =>
        column.Type.GetItemType() is KeyDataViewType key
        && column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType { ItemType: PrimitiveDataViewType item } vector
        && key.Count == (ulong)vector.Size ? item : null;

    /// <summary>Whether these are the other's values in the same order.</summary>
    public bool Match(KeyValues other) => Type == other.Type && Values.SequenceEqual(other.Values);

    /// <summary>Looks the values up among others.</summary>
    /// <param name="others">The others.</param>
    /// <returns>For each value its place there; null where one is missing there or is there twice.</returns>
    public int[]? PlacesAmong(KeyValues others)
    {
        if (Match(others))
            return [.. Enumerable.Range(0, Values.Count)];
        if (Type != others.Type)
            return null;
        var places = new Dictionary<string, int>();
        for (var place = 0; place < others.Values.Count; place++)
        {
            if (!places.TryAdd(others.Values[place], place))
                return null;
        }

        return Values.All(places.ContainsKey) ? [.. Values.Select(value => places[value])] : null;
    }

    /// <summary>The values, shortened where they are many or long.</summary>
    public override string ToString() => $"{NameList.Of(Values)} ({Type})";

    private static string[] Read<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref values);
        return [.. values.DenseValues().Select(value => Text(value))];
    }

    private static string Text(object? value) => value switch
    {
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
