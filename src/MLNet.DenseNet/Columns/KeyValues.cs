using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Columns;

/// <summary>The values that the keys of a column, or of a vector, stand for, as <c>MapValueToKey</c> maps them. Values of any type are kept as texts, which are equal where the values are.</summary>
/// <param name="Type">The type of the values, such as "String" or "Single".</param>
/// <param name="Values">In the order of the keys.</param>
internal sealed record KeyValues(string Type, IReadOnlyList<string> Values)
{
    private const string FormatOfTime = "yyyy-MM-ddTHH:mm:ss.fffffff";
    private const int LengthOfTime = 27;

    /// <summary>Reads them from a column.</summary>
    /// <returns>Null where the column is no key, or its keys come without values.</returns>
    public static KeyValues? Of(DataViewSchema.Column column) => TypeOf(column) is { } item ? Of(column, item) : null;

    /// <summary>Reads them from a column of numbers that stand for keys (<see cref="KeyFeatures.AreNumbers"/>).</summary>
    /// <returns>Null where it has none.</returns>
    public static KeyValues? OfNumbers(DataViewSchema.Column column) =>
        column.Type.GetItemType() is NumberDataViewType && AnnotationType(column)?.ItemType is PrimitiveDataViewType item ? Of(column, item) : null;

    /// <summary>Values as a model has saved them. Earlier versions kept what a time's equality does not ask for.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="texts">In the order of the keys.</param>
    public static KeyValues Saved(string type, IReadOnlyList<string> texts)
    {
        Func<string, string>? mended = type == DateTimeDataViewType.Instance.ToString() ? WithoutKind : type == DateTimeOffsetDataViewType.Instance.ToString() ? InstantOf : null;
        return new KeyValues(type, mended is null ? [.. texts] : [.. texts.Select(mended)]);

        static string WithoutKind(string text) => text.Length > LengthOfTime ? text[..LengthOfTime] : text;

        static string InstantOf(string text) =>
            text.Length > LengthOfTime && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? Text(time) : text;
    }

    /// <summary>The type of a column's values, which are not read.</summary>
    /// <returns>Null where the column is no key, or its keys come without values.</returns>
    public static PrimitiveDataViewType? TypeOf(DataViewSchema.Column column) =>
        column.Type.GetItemType() is KeyDataViewType key
        && AnnotationType(column) is { ItemType: PrimitiveDataViewType item } vector
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

    private static VectorDataViewType? AnnotationType(DataViewSchema.Column column) => column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Any type will do: Read asks nothing of it, and is kept by the call to it.")]
    private static KeyValues Of(DataViewSchema.Column column, PrimitiveDataViewType item)
    {
        Func<DataViewSchema.Column, string[]> read = Read<int>;
        return new KeyValues(item.ToString()!, (string[])read.Method.GetGenericMethodDefinition().MakeGenericMethod(item.RawType).Invoke(null, [column])!);
    }

    private static string[] Read<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref values);
        return [.. values.DenseValues().Select(value => Text(value))];
    }

    // Equal values may differ in the kind of a time, in its offset, and in the sign of 0.
    private static string Text(object? value) => value switch
    {
        DateTime time => new DateTime(time.Ticks).ToString(FormatOfTime, CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString(FormatOfTime, CultureInfo.InvariantCulture),
        0f or 0d => "0",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
