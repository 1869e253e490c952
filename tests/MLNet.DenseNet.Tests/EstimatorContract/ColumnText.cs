using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Reads columns and annotations of any type as text that is equal where the values are, to the bit.</summary>
internal static class ColumnText
{
    private static readonly MethodInfo RowGetter = typeof(DataViewRow).GetMethod(nameof(DataViewRow.GetGetter))!;
    private static readonly MethodInfo AnnotationGetter = typeof(DataViewSchema.Annotations).GetMethod(nameof(DataViewSchema.Annotations.GetGetter))!;

    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => Reader(RowGetter, row, column);

    /// <summary>Name, type and annotations of each column, with the annotations' values: slot names, key values and the like.</summary>
    public static IReadOnlyList<string> Describe(DataViewSchema schema) => [.. schema.Select(column =>
        $"{column.Index}{(column.IsHidden ? " hidden" : "")} {column.Name}: {column.Type} [{string.Join("; ", Annotations(column.Annotations))}]")];

    private static IEnumerable<string> Annotations(DataViewSchema.Annotations annotations) =>
        annotations.Schema.Select(column => $"{column.Name}: {column.Type} = {Reader(AnnotationGetter, annotations, column)()}").Order(StringComparer.Ordinal);

    private static Func<string> Reader(MethodInfo getGetter, object source, DataViewSchema.Column column) =>
        Read((dynamic)getGetter.MakeGenericMethod(column.Type.RawType).Invoke(source, [column])!);

    private static Func<string> Read<T>(ValueGetter<T> getter) => () =>
    {
        var value = default(T)!;
        getter(ref value);
        return Text(value);
    };

    private static Func<string> Read<T>(ValueGetter<VBuffer<T>> getter) => () =>
    {
        var value = default(VBuffer<T>);
        getter(ref value);
        return string.Join(' ', value.DenseValues().Select(Text));
    };

    private static string Text<T>(T value) => value switch
    {
        float single => BitConverter.SingleToUInt32Bits(single).ToString("x8", CultureInfo.InvariantCulture),
        double number => BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
